"""A disk that is full in the middle of a write: told, nothing half-written appears, and the next run completes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.lake import open_lake
from tests.conftest import ROOT

PROGRAM = """
import resource, signal, sys
from pathlib import Path
from flows.lake import open_lake
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
open_lake(sys.argv[2]).copy_in(Path(sys.argv[1]), "shop/orders/file.csv")
"""


@pytest.mark.fault(23)
@pytest.mark.parametrize("room", [0, 1000, 2 << 20])
def test_disk_full__leaves_nothing_that_counts(tmp_path: Path, room: int) -> None:
    """The kernel refuses to let a file grow beyond ``room`` bytes, as a full disk does, after part of it was written."""
    content = bytes(range(256)) * (3 << 12)
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    arguments = [sys.executable, "-c", PROGRAM, str(file), str(tmp_path / "lake")]
    done = subprocess.run([*arguments, str(room)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OSError" in done.stderr or "File too large" in done.stderr
    lake = open_lake(str(tmp_path / "lake"))
    assert list(lake.list()) == []
    again = subprocess.run([*arguments, str(8 << 20)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert lake.read("shop/orders/file.csv") == content
