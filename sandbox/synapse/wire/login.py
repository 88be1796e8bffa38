"""The beginning of a connection: PRELOGIN and LOGIN7, and their answers."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.packets import LARGEST, SMALLEST, USUAL, Malformed

VERSION = (
    10,
    0,
    0,
)  # what a dedicated pool's LOGINACK tells: @@VERSION's "10.0"; the driver asks it no more than SQL Server 2008
PRODUCT = "Microsoft SQL Server"
ENCRYPT_OFF, ENCRYPT_ON, ENCRYPT_NONE, ENCRYPT_REQUIRED = 0, 1, 2, 3


def read_prelogin(body: bytes) -> dict[int, bytes]:
    """PRELOGIN's options by their number. Raises Malformed."""
    options: dict[int, bytes] = {}
    place = 0
    while True:
        if place >= len(body):
            raise Malformed("PRELOGIN has no end of options")
        number = body[place]
        if number == 0xFF:
            return options
        if place + 5 > len(body):
            raise Malformed("PRELOGIN is cut off")
        offset, length = struct.unpack_from(">HH", body, place + 1)
        if offset + length > len(body):
            raise Malformed(f"PRELOGIN option {number} lies outside the message")
        options[number] = body[offset : offset + length]
        place += 5


def wants_encryption(options: dict[int, bytes]) -> bool:
    """Whether the client will not go on without encryption."""
    told = options.get(1, b"\x02")[:1]
    return told in (bytes([ENCRYPT_ON]), bytes([ENCRYPT_REQUIRED]))


def prelogin_reply() -> bytes:
    """Version, no encryption, no instance, no MARS."""
    options = [
        (0, bytes([VERSION[0], VERSION[1]]) + struct.pack(">HH", VERSION[2], 0)),
        (1, bytes([ENCRYPT_NONE])),
        (2, b"\x00"),
        (3, b""),
        (4, b"\x00"),
    ]
    offset = len(options) * 5 + 1
    head, data = b"", b""
    for number, value in options:
        head += struct.pack(">BHH", number, offset + len(data), len(value))
        data += value
    return head + b"\xff" + data


@dataclass(frozen=True, slots=True)
class Login:
    """What LOGIN7 tells. packet_size: bytes, 0 = the server's choice."""

    user: str
    password: str
    database: str
    application: str
    host: str
    packet_size: int
    features: frozenset[int]


FEATURE_UTF8 = 0x0A


def read_login(body: bytes) -> Login:
    """LOGIN7 with a user's name and password. Raises Malformed."""
    if len(body) < 94:
        raise Malformed("LOGIN7 is cut off")
    total, _version, packet_size = struct.unpack_from("<III", body, 0)
    if total > len(body):
        raise Malformed("LOGIN7 is cut off")

    def raw(at: int) -> bytes:
        offset, count = struct.unpack_from("<HH", body, at)
        if offset + 2 * count > len(body):
            raise Malformed("a field of LOGIN7 lies outside the message")
        return body[offset : offset + 2 * count]

    def text(at: int) -> str:
        return raw(at).decode("utf-16-le", "replace")

    password = bytes(((b ^ 0xA5) << 4 & 0xF0) | ((b ^ 0xA5) >> 4) for b in raw(44))
    return Login(
        user=text(40),
        password=password.decode("utf-16-le", "replace"),
        database=text(68),
        application=text(48),
        host=text(36),
        packet_size=packet_size,
        features=_features(body) if body[27] & 0x10 else frozenset(),
    )


def _features(body: bytes) -> frozenset[int]:
    """The numbers of the features that the client offers."""
    (pointer,) = struct.unpack_from("<H", body, 56)
    if pointer + 4 > len(body):
        raise Malformed("LOGIN7's extensions lie outside the message")
    (place,) = struct.unpack_from("<I", body, pointer)
    found = set()
    while place < len(body) and body[place] != 0xFF:
        if place + 5 > len(body):
            raise Malformed("LOGIN7's extensions are cut off")
        found.add(body[place])
        place += 5 + struct.unpack_from("<I", body, place + 1)[0]
    return frozenset(found)


def agreed_size(asked: int) -> int:
    """Bytes of a packet from here on."""
    return USUAL if asked == 0 else max(SMALLEST, min(asked, LARGEST))


def login_reply(login: Login, database: str, collation: bytes) -> bytes:
    """What a client gets that may come in. collation: 5 bytes of the database's."""
    size = str(agreed_size(login.packet_size))
    out = [
        tokens.environment(1, database, "master"),
        tokens.info(5701, f"Changed database context to '{database}'.", state=2),
        tokens.environment_bytes(7, collation, b""),
        tokens.environment(2, "us_english", ""),
        tokens.info(5703, "Changed language setting to us_english."),
        tokens.login_acknowledged(PRODUCT, VERSION),
        tokens.environment(4, size, str(USUAL)),
    ]
    if login.features:
        # char and varchar may come as UTF-8; of all else nothing is taken up
        utf8 = struct.pack("<BIB", FEATURE_UTF8, 1, 1) if FEATURE_UTF8 in login.features else b""
        out.append(b"\xae" + utf8 + b"\xff")
    out.append(tokens.done())
    return b"".join(out)
