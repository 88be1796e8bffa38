"""Packets: the frames of TDS. A message is one or more packets, the last one marked.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/e5ea8520-1ea3-4a75-a2a9-c17e63e9ee19
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

HEADER = struct.Struct(">BBHHBB")  # type, status, length, process, packet number, window

BATCH, RPC, REPLY, ATTENTION, BULK, TRANSACTION, LOGIN, PRELOGIN = (
    0x01,
    0x03,
    0x04,
    0x06,
    0x07,
    0x0E,
    0x10,
    0x12,
)
KINDS = (BATCH, RPC, ATTENTION, BULK, TRANSACTION, LOGIN, PRELOGIN)

LAST, IGNORE, RESET, RESET_KEEPING_TRANSACTION = 0x01, 0x02, 0x08, 0x10

SMALLEST, USUAL, LARGEST = 512, 4096, 32767  # bytes of a packet with its header
LONGEST_MESSAGE = 64 * 1024 * 1024  # bytes; a batch of SQL may have 65536 times the packet size
LONGEST_LOGIN = 128 * 1024


class Malformed(Exception):
    """The bytes are none of TDS; the connection ends."""


@dataclass(frozen=True, slots=True)
class Message:
    kind: int
    status: int
    body: bytes


async def read_message(reader: asyncio.StreamReader, longest: int = LONGEST_MESSAGE) -> Message | None:
    """The next message, or None where the client has closed. Raises Malformed."""
    kind, status, size = 0, 0, 0
    parts: list[bytes] = []
    while True:
        try:
            header = await reader.readexactly(HEADER.size)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if isinstance(error, asyncio.IncompleteReadError) and error.partial:
                raise Malformed("the connection ended inside a packet's header") from None
            return None
        this, flags, length, _, _, _ = HEADER.unpack(header)
        if this not in KINDS:
            raise Malformed(f"packet type {this:#04x} is none of TDS")
        if not HEADER.size <= length <= LARGEST:
            raise Malformed(f"a packet of {length} bytes")
        if parts and this != kind:
            raise Malformed(f"packet type {this:#04x} inside a message of type {kind:#04x}")
        size += length - HEADER.size
        if size > longest:
            raise Malformed(f"a message of more than {longest} bytes")
        try:
            parts.append(await reader.readexactly(length - HEADER.size))
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Malformed("the connection ended inside a packet") from None
        kind, status = this, status | flags
        if flags & LAST:
            # A client that gave up while it sent says so in the last packet: nothing is to be done.
            return Message(kind, status, b"" if flags & IGNORE else b"".join(parts))


class Packets:
    """Cuts a reply into packets of the agreed size."""

    def __init__(self, process: int) -> None:
        self.size = USUAL
        self.process = process
        self._number = 0
        self._held = bytearray()

    def add(self, data: bytes) -> bytes:
        """Takes bytes of the reply; gives the packets that are full."""
        self._held += data
        room = self.size - HEADER.size
        if len(self._held) <= room:
            return b""
        out, start = [], 0
        while len(self._held) - start > room:
            out.append(self._packet(self._held[start : start + room], 0))
            start += room
        del self._held[:start]
        return b"".join(out)

    def end(self) -> bytes:
        """The last packet of the reply."""
        out = self._packet(self._held, LAST)
        self._held = bytearray()
        self._number = 0
        return out

    def _packet(self, body: bytearray, status: int) -> bytes:
        self._number = (self._number + 1) % 256
        header = HEADER.pack(REPLY, status, len(body) + HEADER.size, self.process, self._number, 0)
        return header + bytes(body)
