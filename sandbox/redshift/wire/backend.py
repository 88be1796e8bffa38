"""A connection of ours to PostgreSQL, over its unix socket."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Mapping
from pathlib import Path

from sandbox.redshift.wire import messages
from sandbox.redshift.wire.messages import Broken, Incoming

Rows = list[list[str | None]]


class PostgresError(Exception):
    """What PostgreSQL answered instead of a result; ``fields`` as of messages.fields."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(fields.get("M", ""))
        self.fields = dict(fields)


class Backend:
    """One backend process. ``status`` is I (idle), T (in a transaction) or E (in a failed one)."""

    def __init__(self, sockets: Path) -> None:
        self._path = str(sockets / ".s.PGSQL.5432")
        self.parameters: dict[str, str] = {}
        self.key = (0, 0)
        self.status = b"I"
        self.incoming: Incoming
        self._writer: asyncio.StreamWriter

    async def open(self, user: str, database: str, parameters: Mapping[str, str] | None = None) -> None:
        """Raises PostgresError (no such database or user), or Broken when PostgreSQL does not answer."""
        try:
            reader, self._writer = await asyncio.open_unix_connection(self._path, limit=messages.CHUNK)
        except OSError as problem:
            raise Broken(f"PostgreSQL does not answer: {problem}") from problem
        self.incoming = Incoming(reader)
        start = struct.pack("!i", messages.PROTOCOL)
        for key, setting in {"user": user, "database": database, **(parameters or {})}.items():
            start += messages.text(key) + messages.text(setting)
        start += b"\0"
        self._writer.write(struct.pack("!i", len(start) + 4) + start)
        while True:
            kind, body = await self.incoming.next()
            if kind == b"E":
                raise PostgresError(messages.fields(body))
            if kind == b"S":
                name, value = body[:-1].split(b"\0")
                self.parameters[name.decode()] = value.decode()
            elif kind == b"K":
                self.key = struct.unpack("!ii", body)
            elif kind == b"Z":
                return

    def send(self, *parts: bytes) -> None:
        self._writer.write(b"".join(parts))

    async def drain(self) -> None:
        await self._writer.drain()

    async def query(self, sql: str) -> Rows:
        """Rows of the last statement, as texts. Raises PostgresError, after which the connection can be used on."""
        self.send(messages.query(sql))
        rows: Rows = []
        failed: PostgresError | None = None
        while True:
            kind, body = await self.incoming.next()
            if kind == b"T":
                rows = []
            elif kind == b"D":
                rows.append([None if c is None else c.decode() for c in messages.cells(body)])
            elif kind == b"E":
                failed = failed or PostgresError(messages.fields(body))
            elif kind == b"Z":
                self.status = body
                if failed:
                    raise failed
                return rows

    async def cancel(self) -> None:
        """Ask PostgreSQL to stop what this connection is doing."""
        await send_cancel(self._path, struct.pack("!ii", *self.key))

    def close(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            self._writer.write(messages.message(b"X"))
            self._writer.close()


async def send_cancel(path: str, key: bytes) -> None:
    """A CancelRequest: process id and secret (Int32 each)."""
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(struct.pack("!ii", 8 + len(key), messages.CANCEL_REQUEST) + key)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()
