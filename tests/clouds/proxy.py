"""A proxy before a service: it writes down each request, and fails the ones a test points at as networks and clouds do."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Seen:
    """One request: method, path with query, headers in lower case, size of the body."""

    method: str
    path: str
    headers: dict[str, str]
    size: int


@dataclass
class Proxy:
    """``fault(request, number)`` names what happens to the request: a status such as '503' instead of an answer,
    'lost' (it is carried out, the answer never comes), 'cut' (half of the answer's body), 'damage' (one byte of the
    request's body is changed), or None. ``number`` counts from 1."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    fault: Callable[[Seen, int], str | None] = lambda request, number: None
    faults: int = 0
    delay: float = 0.0


@contextmanager
def proxy(target: str) -> Iterator[Proxy]:
    """A proxy on a free port before the service at ``target``; its address has the target's path."""
    parts = urlsplit(target)
    found = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def body(self) -> bytes:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                pieces = []
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(pieces)
            return self.rfile.read(int(self.headers.get("content-length") or 0))

        def answer(self) -> None:
            if self.headers.get("expect", "").lower() == "100-continue":
                self.close_connection = True
            body = self.body()
            headers = {k.lower(): v for k, v in self.headers.items()}
            request = Seen(self.command, self.path, headers, len(body))
            found.seen.append(request)
            fault = found.fault(request, len(found.seen))
            found.faults += fault is not None
            time.sleep(found.delay)
            if fault and fault.isdigit():
                self.send_response(int(fault))
                self.send_header("content-length", "0")
                self.end_headers()
                return
            if fault == "damage":
                body = body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 1]) + body[len(body) // 2 + 1 :]
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
            sent = {
                k: v for k, v in headers.items() if k not in ("transfer-encoding", "connection", "expect")
            }
            connection.request(self.command, self.path, body, sent | {"content-length": str(len(body))})
            reply = connection.getresponse()
            content = reply.read()
            if fault == "lost":
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(reply.status)
            length = reply.headers.get("content-length", str(len(content)))
            for key, value in reply.headers.items():
                if key.lower() not in ("transfer-encoding", "connection", "content-length", "date", "server"):
                    self.send_header(key, value)
            self.send_header("content-length", length)
            self.end_headers()
            if fault == "cut":
                self.wfile.write(content[: len(content) // 2])
                self.close_connection = True
                return
            self.wfile.write(content)

        def handle(self) -> None:
            with suppress(ConnectionError, ValueError):
                super().handle()

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = answer  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}{parts.path}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
