"""The tokens of a reply, except those that hold rows.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/67b6113c-d722-42d1-902c-3f6e8de09173
"""

from __future__ import annotations

import struct

from sandbox.synapse.errors import SqlError

MORE, ERROR, IN_TRANSACTION, COUNT, ATTENTION = 0x01, 0x02, 0x04, 0x10, 0x20
DONE, DONE_PROCEDURE, DONE_IN_PROCEDURE = 0xFD, 0xFE, 0xFF
# CurCmd of DONE: what the statement was
SELECT, INSERT, DELETE, UPDATE, MERGE, EXECUTE, NOTHING = 0xC1, 0xC3, 0xC4, 0xC5, 0x117, 0xE0, 0x00

SERVER = "synapse"


def short_text(text: str) -> bytes:
    """B_VARCHAR: one byte of length in characters."""
    data = text[:255].encode("utf-16-le", "replace")[:510]
    return bytes([len(data) // 2]) + data


def long_text(text: str) -> bytes:
    """US_VARCHAR: two bytes of length in characters."""
    data = text.encode("utf-16-le", "replace")[:131070]
    return struct.pack("<H", len(data) // 2) + data


def done(status: int = 0, command: int = NOTHING, rows: int = 0, token: int = DONE) -> bytes:
    return struct.pack("<BHHQ", token, status, command, rows)


def _token(kind: int, body: bytes) -> bytes:
    return struct.pack("<BH", kind, len(body)) + body


def _message(
    kind: int, number: int, state: int, severity: int, message: str, procedure: str, line: int
) -> bytes:
    # the whole token has a 16-bit length
    body = struct.pack("<iBB", number, state, severity) + long_text(message[:16000])
    body += short_text(SERVER) + short_text(procedure) + struct.pack("<i", line)
    return _token(kind, body)


def error(problem: SqlError, procedure: str = "") -> bytes:
    state = problem.state if 0 <= problem.state <= 255 else 1
    return _message(0xAA, problem.number, state, problem.severity, problem.message, procedure, problem.line)


def info(number: int, message: str, state: int = 1, line: int = 1) -> bytes:
    """A message that is no error, as PRINT sends it (severity 0)."""
    return _message(0xAB, number, state, 0, message, "", line)


def environment(kind: int, new: str, old: str) -> bytes:
    return _token(0xE3, bytes([kind]) + short_text(new) + short_text(old))


def environment_bytes(kind: int, new: bytes, old: bytes) -> bytes:
    return _token(0xE3, bytes([kind, len(new)]) + new + bytes([len(old)]) + old)


def login_acknowledged(product: str, version: tuple[int, int, int]) -> bytes:
    body = b"\x01" + struct.pack(">I", 0x74000004) + short_text(product)
    body += bytes([version[0], version[1]]) + struct.pack(">H", version[2])
    return _token(0xAD, body)


def return_status(value: int) -> bytes:
    return struct.pack("<Bi", 0x79, value)
