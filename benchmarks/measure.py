"""Wall time and peak memory of one child process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measurement:
    """One run: ``seconds`` of wall time, ``peak_mib``, the largest resident set in MiB, and ``cpu``, seconds of all
    cores together, which other work on the machine hardly changes."""

    seconds: float
    peak_mib: float
    cpu: float = 0.0


class OverLimit(Exception):
    """A child was stopped because it took longer than it was allowed."""


def measure(
    command: list[str], *, environment: dict[str, str], log: Path, limit: float | None = None
) -> Measurement:
    """Run ``command``, its output going to ``log``; raises SystemExit with the log's end when it fails, and OverLimit
    when it was stopped after ``limit`` seconds.

    Peak memory is the kernel's figure for the child alone (getrusage), so it is right for a program that
    does its work in one process, as dbt on DuckDB does.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        began = time.perf_counter()
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
        alarm = threading.Timer(limit, child.kill) if limit else None
        if alarm:
            alarm.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - began
    if alarm:
        alarm.cancel()
        if seconds >= (limit or 0):
            raise OverLimit
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise SystemExit(f"bench: `{' '.join(command)}` failed with exit code {child.returncode}:\n{tail}")
    # ru_maxrss is in KiB on Linux and in bytes on macOS
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Measurement(seconds, usage.ru_maxrss / unit, usage.ru_utime + usage.ru_stime)
