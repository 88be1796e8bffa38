"""Messages of the PostgreSQL protocol, version 3.0: a type byte, a length (Int32, itself included), a body.

https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterable, Mapping

PROTOCOL = 196608
SSL_REQUEST = 80877103
GSS_REQUEST = 80877104
CANCEL_REQUEST = 80877102
CHUNK = 1 << 18
# No client has a reason to send more in one message; garbage read as a length must not take our memory.
MOST = 1 << 30
LONGEST_START = 10_000

_length = struct.Struct("!i")
_head = struct.Struct("!ci")


class Broken(Exception):
    """The other side spoke no PostgreSQL protocol, or went away."""


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + _length.pack(len(body) + 4) + body


def text(value: str) -> bytes:
    return value.encode() + b"\0"


def query(sql: str) -> bytes:
    return message(b"Q", text(sql))


def parse(name: bytes, sql: str, types: bytes) -> bytes:
    """``types``: the Int16 count and Int32 OIDs as the client sent them."""
    return message(b"P", name + b"\0" + text(sql) + types)


def error(fields: Mapping[str, str], kind: bytes = b"E") -> bytes:
    """ErrorResponse, or NoticeResponse by ``kind`` N. https://www.postgresql.org/docs/current/protocol-error-fields.html"""
    return message(kind, b"".join(k.encode() + text(v) for k, v in fields.items() if v) + b"\0")


def fields(body: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse's or NoticeResponse's body."""
    return {part[:1].decode(): part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}


def parameter(name: str, value: str) -> bytes:
    return message(b"S", text(name) + text(value))


def complete(tag: str) -> bytes:
    return message(b"C", text(tag))


def row_of_texts(values: Iterable[str | None]) -> bytes:
    """DataRow in text format."""
    cells = [None if value is None else value.encode() for value in values]
    body = struct.pack("!h", len(cells)) + b"".join(
        b"\xff\xff\xff\xff" if cell is None else _length.pack(len(cell)) + cell for cell in cells
    )
    return message(b"D", body)


def cells(body: bytes) -> list[bytes | None]:
    """The values of a DataRow's body."""
    (count,) = struct.unpack_from("!h", body)
    found: list[bytes | None] = []
    at = 2
    for _ in range(count):
        (size,) = _length.unpack_from(body, at)
        at += 4
        if size < 0:
            found.append(None)
        else:
            found.append(body[at : at + size])
            at += size
    return found


class Incoming:
    """Messages out of a stream, read in large pieces."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._held = bytearray()
        self._at = 0

    async def next(self) -> tuple[bytes, bytes]:
        """The next message: type and body. Raises Broken."""
        while True:
            held, at = self._held, self._at
            if len(held) - at >= 5:
                kind, size = _head.unpack_from(held, at)
                if not 4 <= size <= MOST or not kind.isalnum():
                    raise Broken("not a message of the PostgreSQL protocol")
                end = at + 1 + size
                if len(held) >= end:
                    self._at = end
                    return kind, bytes(held[at + 5 : end])
            await self._more()

    async def rows(self) -> bytes:
        """All whole DataRow messages that are here already, as they came; may be b''."""
        held, at = self._held, self._at
        start, end = at, len(held)
        unpack = _length.unpack_from
        while end - at >= 5 and held[at] == 68:  # D
            after = at + 1 + unpack(held, at + 1)[0]
            if after > end:
                break
            at = after
        self._at = at
        return bytes(held[start:at])

    async def _more(self) -> None:
        if self._at:
            del self._held[: self._at]
            self._at = 0
        try:
            piece = await self._reader.read(CHUNK)
        except OSError as problem:
            raise Broken(str(problem)) from problem
        if not piece:
            raise Broken("the connection is closed")
        self._held += piece


async def start_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The first message of a client, which has no type: its code and the rest. Raises Broken."""
    try:
        (size,) = _length.unpack(await reader.readexactly(4))
        if not 8 <= size <= LONGEST_START:
            raise Broken("not a start-up message of the PostgreSQL protocol")
        body = await reader.readexactly(size - 4)
    except (OSError, asyncio.IncompleteReadError) as problem:
        raise Broken("the client went away") from problem
    return _length.unpack_from(body)[0], body[4:]


def start_parameters(body: bytes) -> dict[str, str]:
    """user, database, … of a StartupMessage. Raises Broken."""
    words = body.split(b"\0")
    try:
        names = [word.decode() for word in words]
    except UnicodeDecodeError as problem:
        raise Broken("a start-up message that is not UTF-8") from problem
    found: dict[str, str] = {}
    for name, value in zip(names[::2], names[1::2], strict=False):
        if not name:
            break
        found[name] = value
    return found
