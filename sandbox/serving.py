"""Serves an ASGI application of ours on loopback, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
from typing import Any

import uvicorn

from sandbox.loopback import bound


def serve(app: Any, port: int, ready: str, **options: Any) -> int:
    """Serve on ``port`` (0 takes a free one); ``ready`` is printed with {port} filled in. Exit code 2 when it is taken."""
    with bound(port) as listening:
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5, **options)
        server = uvicorn.Server(config)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: setattr(server, "should_exit", True))
        listening.listen()  # before it is told: who reads the line may come at once
        print(ready.format(port=listening.getsockname()[1]), flush=True)
        server.run(sockets=[listening])
    return 0
