"""The listener: takes connections on loopback until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sandbox.synapse.wire.connection import Connection, Host

MOST_WORKERS = 128  # requests that run at one time; a dedicated pool allows at most 128 queries


async def serve(listening: socket.socket, host: Host, ready: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT. ready: called once clients are served."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    workers = ThreadPoolExecutor(MOST_WORKERS, thread_name_prefix="session")
    running: set[asyncio.Task[None]] = set()
    process = 50

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal process
        process = 51 + (process - 50) % 32000
        task = asyncio.ensure_future(Connection(reader, writer, host, workers, process).serve())
        running.add(task)
        task.add_done_callback(finished)

    def finished(task: asyncio.Task[None]) -> None:
        running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler({"message": "a connection failed", "exception": task.exception()})

    server = await asyncio.start_server(connected, sock=listening)
    ready()
    await stop.wait()
    server.close()
    for task in list(running):
        task.cancel()
    if running:
        await asyncio.wait(running, timeout=5)
    workers.shutdown(wait=False, cancel_futures=True)
