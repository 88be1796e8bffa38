"""Wall time and peak memory of one child process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

STARTER = """
import os, sys, time
began = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
told = f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss} {time.perf_counter() - began} {usage.ru_utime + usage.ru_stime}"
os.write(int(sys.argv[1]), told.encode())
"""


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
    does its work in one process, as dbt on DuckDB does. The child is started by a small process of its own, because
    the kernel lets a child begin with the peak of the one that started it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    heard, told = os.pipe()
    with log.open("wb") as output:
        began = time.perf_counter()
        starter = subprocess.Popen(
            [sys.executable, "-E", "-S", "-c", STARTER, str(told), *command],
            env=environment, stdout=output, stderr=subprocess.STDOUT, pass_fds=(told,), start_new_session=True,
        )  # fmt: skip
        os.close(told)
        alarm = threading.Timer(limit, os.killpg, (starter.pid, signal.SIGKILL)) if limit else None
        if alarm:
            alarm.start()
        try:
            with os.fdopen(heard) as pipe:
                words = pipe.read().split()
            starter.wait()
        finally:
            if starter.poll() is None:  # Ctrl-C: the group is not the terminal's
                os.killpg(starter.pid, signal.SIGKILL)
        seconds = time.perf_counter() - began
    if alarm:
        alarm.cancel()
        if seconds >= (limit or 0):
            raise OverLimit
    code, peak, cpu = -1, 0, 0.0
    if words:
        code, peak, seconds, cpu = int(words[0]), int(words[1]), float(words[2]), float(words[3])
    if code:
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise SystemExit(f"bench: `{' '.join(command)}` failed with exit code {code}:\n{tail}")
    # ru_maxrss is in KiB on Linux and in bytes on macOS
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Measurement(seconds, peak / unit, cpu)
