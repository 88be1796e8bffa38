"""Services of the sandbox as tests use them: each in its own process, on a free port, keeping nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT


@contextmanager
def service(name: str, home: Path, *arguments: str, keep: bool = False) -> Iterator[str]:
    """Address of ``python -m sandbox.<name>``, which ends with the block."""
    command = [sys.executable, "-m", f"sandbox.{name}", "--home", str(home), "--port", "0", *arguments]
    process = subprocess.Popen(
        command + ([] if keep else ["--memory"]),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"ready: (\S+)", line)
        assert found, line + process.stdout.read()
        yield found[1]
    finally:
        process.terminate()
        process.wait(timeout=20)
