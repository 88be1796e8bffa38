"""What benchmarks measure is the process under test, not the one that measures it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.measure import OverLimit, measure


def test_peak_memory__is_the_childs_own_and_not_the_callers(tmp_path: Path) -> None:
    """The kernel lets a child begin with the peak of the process that started it."""
    held = bytearray(os.urandom(1 << 20) * 200)
    found = measure([sys.executable, "-c", "pass"], environment={}, log=tmp_path / "log")
    assert found.peak_mib < 100 < len(held) >> 20
    large = measure(
        [sys.executable, "-c", "x = bytearray(b'1' * (150 << 20))"], environment={}, log=tmp_path / "log"
    )
    assert large.peak_mib > 150


def test_failure_and_limit__are_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"exit code 3:\nwhy"):
        measure([sys.executable, "-c", "print('why'); raise SystemExit(3)"], environment={}, log=tmp_path / "log")  # fmt: skip
    with pytest.raises(OverLimit):
        measure(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            environment={},
            log=tmp_path / "log",
            limit=0.3,
        )
