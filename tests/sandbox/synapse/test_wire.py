"""The bytes: what TDS's reader takes and refuses, and that garbage on a socket harms nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import time

import pytest

from sandbox.synapse.wire import request, tokens
from sandbox.synapse.wire.login import read_login, read_prelogin
from sandbox.synapse.wire.packets import (
    BATCH,
    LAST,
    LONGEST_MESSAGE,
    PRELOGIN,
    RPC,
    Malformed,
    Packets,
    read_message,
)
from sandbox.synapse.wire.reply import Reply
from tests.sandbox.synapse.conftest import Running

HEADERS = struct.pack("<I", 4)


def packet(kind: int, body: bytes, status: int = LAST) -> bytes:
    return struct.pack(">BBHHBB", kind, status, len(body) + 8, 0, 1, 0) + body


def message_of(data: bytes) -> bytes | None:
    async def read() -> bytes | None:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        message = await read_message(reader)
        return None if message is None else message.body

    return asyncio.run(read())


def test_message__is_joined_from_its_packets() -> None:
    assert message_of(packet(BATCH, b"ab", 0) + packet(BATCH, b"cd")) == b"abcd"
    assert message_of(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        packet(0x99, b""),
        packet(BATCH, b"ab", 0) + packet(RPC, b"cd"),
        packet(BATCH, b"abc")[:-1],
        packet(BATCH, b"")[:5],
        struct.pack(">BBHHBB", BATCH, LAST, 7, 0, 1, 0),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_malformed_packets__are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        message_of(data)


def test_reply__is_cut_into_packets_of_the_agreed_size() -> None:
    packets = Packets(51)
    packets.size = 512
    data = packets.add(bytes(1200)) + packets.end()
    sizes, place = [], 0
    while place < len(data):
        (size,) = struct.unpack_from(">H", data, place + 2)
        sizes.append(size)
        place += size
    assert sizes == [512, 512, 200]
    assert data[-200 + 1] == LAST


def test_done_tokens__all_but_the_last_say_that_more_follows() -> None:
    sent: list[bytes] = []
    reply = Reply(sent.append, "Latin1_General_100_BIN2_UTF8")
    reply.done(tokens.INSERT, 3)
    reply.done(tokens.SELECT, 1)
    statuses = [struct.unpack_from("<H", reply.end(), place + 1)[0] for place in (0,)]
    assert statuses == [tokens.MORE | tokens.COUNT]


def test_readers__survive_any_bytes() -> None:
    """A bounded, seeded fuzz of everything that reads what a client sends: Malformed or a value, at once."""
    chance = random.Random(20_180_105)
    rpc = HEADERS + struct.pack("<HHH", 0xFFFF, 10, 0)
    rpc += (
        b"\x00\x00\xe7"
        + struct.pack("<H", 8000)
        + bytes(5)
        + struct.pack("<H", 16)
        + "select 1".encode("utf-16-le")
    )
    rpc += b"\x02@\x00a\x00\x00\x26\x04\x04\x05\x00\x00\x00"
    login = struct.pack("<IIIIII", 94, 0x74000004, 4096, 0, 0, 0) + bytes(70)
    prelogin = b"\x00\x00\x06\x00\x01\xff\x02"
    assert request.read_rpc(rpc)[0].parameters[1].value == 5
    began = time.monotonic()
    readers = [
        (request.read_rpc, rpc), (request.read_batch_text, HEADERS + b"s\x00"),
        (request.read_transaction_request, HEADERS + b"\x05\x00\x00"), (read_login, login), (read_prelogin, prelogin),
    ]  # fmt: skip
    for turn in range(12_000):
        reader, good = readers[turn % len(readers)]
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            what = chance.random()
            if what < 0.6 and data:
                data[chance.randrange(len(data))] = chance.choice(
                    [0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)]
                )
            elif what < 0.8:
                del data[chance.randrange(len(data) + 1) :]
            else:
                data += chance.randbytes(chance.randint(1, 40))
        with contextlib.suppress(Malformed):
            reader(bytes(data))  # type: ignore[operator]
    for _ in range(300):
        stream = b"".join(
            packet(chance.choice([BATCH, RPC, PRELOGIN, 0x10, 0x0E, chance.randrange(256)]), chance.randbytes(chance.randint(0, 60)), chance.choice([0, 1, 9]))
            for _ in range(4)
        )  # fmt: skip
        with contextlib.suppress(Malformed):
            message_of(stream)
    assert time.monotonic() - began < 20
    assert LONGEST_MESSAGE < 2**27


def test_garbage__harms_nobody_else(server: Running) -> None:
    chance = random.Random(7)
    good = server.connect()
    for turn in range(40):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as other:
            other.sendall(packet(PRELOGIN, b"\xff") if turn % 2 else b"")
            other.sendall(chance.randbytes(chance.randint(1, 3000)))
            if turn % 3 == 0:
                other.shutdown(socket.SHUT_WR)
    assert good.execute("select 42").fetchone()[0] == 42
    assert server.process.poll() is None
    good.close()
