"""Runs a server that is not ours so that it cannot outlive its caller: python -m sandbox.leash COMMAND...

The caller holds the other end of standard input; when that ends, even by kill -9, the command is ended too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

SECONDS_TO_END = 10


def main(command: list[str]) -> int:
    """Exit code of the command."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to answer

    def end_with_caller() -> None:
        while os.read(0, 1024):
            pass
        child.terminate()
        try:
            child.wait(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            child.kill()

    threading.Thread(target=end_with_caller, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
