"""The address that a service of the sandbox listens on: this machine's alone."""

from __future__ import annotations

import socket
import sys


def bound(port: int, protocol: int = 0) -> socket.socket:
    """A socket bound to ``port`` of loopback, 0 for a free one; SystemExit 2 with one sentence when it is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError as error:
        found.close()
        print(
            f"sandbox: port {port} cannot be used: {error.strerror}; give another with --port.",
            file=sys.stderr,
        )
        raise SystemExit(2) from None
    return found
