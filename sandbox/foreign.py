"""Serves with a server that is not ours: started below a leash, its output kept in a log, waited for until it answers."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from sandbox.loopback import bound

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 120


def parser(service: str, port: int, doc: str) -> argparse.ArgumentParser:
    """The arguments that every service of the sandbox takes."""
    found = argparse.ArgumentParser(prog=f"python -m sandbox.{service}", description=doc)
    found.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    found.add_argument("--port", type=int, default=port, help="port on loopback; 0 takes a free one")
    found.add_argument("--memory", action="store_true", help="keep nothing: all is gone when the server ends")
    return found


def usable_port(port: int) -> int:
    """The port, or a free one for 0; SystemExit with one sentence when it is taken."""
    with bound(port) as probe:
        return int(probe.getsockname()[1])


def serve(
    command: list[str],
    *,
    log: Path,
    health: str,
    ready: str,
    environment: dict[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
) -> int:
    """Run until Ctrl-C or SIGTERM. ``health`` must answer before ``prepare`` runs and ``ready`` is printed.

    The child gets ``environment`` alone, so that nothing of the user's (credentials, proxies) leaks into it.
    Exit code 2 when it does not come up; 3 when it ends by itself.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox.leash", *command],
            cwd=ROOT,
            env={"PATH": os.defpath, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        if not _answers(health, process, ended):
            if ended.is_set():
                return 0
            print(f"sandbox: {command[0]} did not start; see {log}.", file=sys.stderr)
            return 2
        if prepare:
            prepare()
        print(ready, flush=True)
        while process.poll() is None:
            if ended.wait(0.2):
                return 0
        print(f"sandbox: the server ended by itself; see {log}.", file=sys.stderr)
        return 3
    finally:
        assert process.stdin is not None
        process.stdin.close()  # the leash ends the server
        process.wait()


def _answers(url: str, process: subprocess.Popen[bytes], ended: threading.Event) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None and not ended.is_set():
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True  # it answers, if only to refuse a request without a signature
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
