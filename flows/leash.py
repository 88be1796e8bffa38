"""Runs a command that must not outlive its caller: python -m flows.leash COMMAND...

The caller holds the other end of standard input. When that ends, because the caller is gone, even by kill -9, the
command is ended too; else an orphaned dbt would go on and hold the warehouse against the next run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

SECONDS_TO_END = 10


def main(command: list[str]) -> int:
    """Exit code of the command; 128 plus the signal's number when one ended it."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def end_with_caller() -> None:
        # the descriptor itself: a reader of sys.stdin would be in the way when Python ends
        while os.read(0, 1024):
            pass
        child.terminate()
        try:
            child.wait(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=end_with_caller, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
