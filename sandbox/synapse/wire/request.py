"""The bodies of requests: headers, batch text, RPC with its parameters, transaction manager.

https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/619c43b6-9495-4a58-9e49-a4950db245b3
"""

from __future__ import annotations

import datetime as dt
import struct
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sandbox.synapse.types import MAX, SqlType
from sandbox.synapse.wire.packets import Malformed
from sandbox.synapse.wire.values import EPOCH

PROCEDURES = {
    1: "sp_cursor", 2: "sp_cursoropen", 3: "sp_cursorprepare", 4: "sp_cursorexecute", 5: "sp_cursorprepexec",
    6: "sp_cursorunprepare", 7: "sp_cursorfetch", 8: "sp_cursoroption", 9: "sp_cursorclose", 10: "sp_executesql",
    11: "sp_prepare", 12: "sp_execute", 13: "sp_prepexec", 14: "sp_prepexecrpc", 15: "sp_unprepare",
}  # fmt: skip
BY_REFERENCE, DEFAULT = 0x01, 0x02


@dataclass(frozen=True, slots=True)
class Parameter:
    """name: with @, or '' = by place. value: as Python gives it to DuckDB. output: OUTPUT was asked."""

    name: str
    type: SqlType
    value: Any
    output: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One procedure of an RPC request. name: lower case where it is one of TDS's numbers."""

    name: str
    parameters: tuple[Parameter, ...]


class Reader:
    """Takes bytes from the front. Raises Malformed at the end of them."""

    def __init__(self, body: bytes, place: int = 0) -> None:
        self.body = body
        self.place = place

    def take(self, count: int) -> bytes:
        end = self.place + count
        if count < 0 or end > len(self.body):
            raise Malformed("the request is cut off")
        data = self.body[self.place : end]
        self.place = end
        return data

    def number(self, form: str) -> int:
        value: int = struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]
        return value

    @property
    def more(self) -> bool:
        return self.place < len(self.body)


def after_headers(body: bytes) -> int:
    """Where the request begins behind ALL_HEADERS. Raises Malformed."""
    if len(body) < 4:
        raise Malformed("the request has no headers")
    (length,) = struct.unpack_from("<I", body)
    if not 4 <= length <= len(body):
        raise Malformed("the request's headers lie outside the message")
    return int(length)


def read_batch_text(body: bytes) -> str:
    data = body[after_headers(body) :]
    if len(data) % 2:
        raise Malformed("the batch is no UTF-16")
    return data.decode("utf-16-le", "replace")


def read_transaction_request(body: bytes) -> tuple[int, bytes]:
    """The request's number (5 begin, 7 commit, 8 rollback …) and the rest."""
    reader = Reader(body, after_headers(body))
    return reader.number("H"), body[reader.place :]


def read_rpc(body: bytes) -> list[Call]:
    """All calls of the request. Raises Malformed."""
    reader, calls = Reader(body, after_headers(body)), []
    while reader.more:
        length = reader.number("H")
        if length == 0xFFFF:
            number = reader.number("H")
            name = PROCEDURES.get(number, f"#{number}")
        else:
            name = reader.take(2 * length).decode("utf-16-le", "replace")
        reader.number("H")  # options: nothing that changes a call here
        parameters = []
        while reader.more:
            if reader.body[reader.place] in (0xFF, 0xFE):  # between two calls
                reader.take(1)
                break
            parameters.append(_parameter(reader))
        calls.append(Call(name, tuple(parameters)))
    return calls


def _parameter(reader: Reader) -> Parameter:
    name = reader.take(2 * reader.number("B")).decode("utf-16-le", "replace")
    status = reader.number("B")
    kind, value = _typed_value(reader)
    return Parameter(name, kind, value, bool(status & BY_REFERENCE))


FIXED = {0x30: ("tinyint", "B"), 0x32: ("bit", "B"), 0x34: ("smallint", "h"), 0x38: ("int", "i"), 0x7F: ("bigint", "q"),
         0x3B: ("real", "f"), 0x3E: ("float", "d")}  # fmt: skip
INTEGERS = {1: ("tinyint", "B"), 2: ("smallint", "h"), 4: ("int", "i"), 8: ("bigint", "q")}


def _typed_value(reader: Reader) -> tuple[SqlType, Any]:
    token = reader.number("B")
    if token in FIXED:
        name, form = FIXED[token]
        return SqlType(name), reader.number(form)
    if token == 0x1F:  # NULL without a type
        return SqlType("int"), None
    if token in (0x26, 0x68, 0x6D, 0x6E, 0x6F, 0x24):
        return _short(token, reader.number("B"), reader.take(reader.number("B")))
    if token in (0x6A, 0x6C):
        reader.number("B")
        precision, scale = reader.number("B"), reader.number("B")
        data = reader.take(reader.number("B"))
        kind = SqlType("decimal", None, precision, scale)
        return kind, None if not data else _decimal(data, scale)
    if token == 0x28:
        data = reader.take(reader.number("B"))
        return SqlType("date"), None if not data else _date(data)
    if token in (0x29, 0x2A, 0x2B):
        scale = reader.number("B")
        return _moment(token, scale, reader.take(reader.number("B")))
    if token in (0xA5, 0xA7, 0xAD, 0xAF, 0xE7, 0xEF):
        return _long(token, reader)
    raise Malformed(f"a parameter of type {token:#04x} is none of a dedicated pool's")


def _short(token: int, size: int, data: bytes) -> tuple[SqlType, Any]:
    if token == 0x26:
        if size not in INTEGERS or len(data) not in (0, size):
            raise Malformed(f"an integer of {size} bytes")
        name, form = INTEGERS[size]
        return SqlType(name), struct.unpack("<" + form, data)[0] if data else None
    if token == 0x68:
        return SqlType("bit"), bool(data[0]) if data else None
    if token == 0x6D:
        kind = SqlType("float" if size == 8 else "real")
        if len(data) not in (0, 4, 8):
            raise Malformed(f"a float of {len(data)} bytes")
        return kind, struct.unpack("<d" if len(data) == 8 else "<f", data)[0] if data else None
    if token == 0x24:
        if len(data) not in (0, 16):
            raise Malformed(f"a uniqueidentifier of {len(data)} bytes")
        return SqlType("uniqueidentifier"), UUID(bytes_le=data) if data else None
    if len(data) not in (0, 4, 8):
        raise Malformed(f"a value of {len(data)} bytes")
    if token == 0x6E:
        kind = SqlType("money" if size == 8 else "smallmoney")
        if not data:
            return kind, None
        if len(data) == 4:
            (units,) = struct.unpack("<i", data)
        else:  # the high half comes first
            high, low = struct.unpack("<iI", data)
            units = (high << 32) + low
        return kind, Decimal(units).scaleb(-4)
    kind = SqlType("datetime" if size == 8 else "smalldatetime")
    return kind, _old_moment(data) if data else None


def _old_moment(data: bytes) -> dt.datetime:
    try:
        if len(data) == 4:
            days, minutes = struct.unpack("<HH", data)
            return dt.datetime(1900, 1, 1) + dt.timedelta(days=days, minutes=minutes)
        days, ticks = struct.unpack("<iI", data)
        return dt.datetime(1900, 1, 1) + dt.timedelta(days=days, milliseconds=round(ticks * 10 / 3))
    except OverflowError:
        raise Malformed("a datetime outside of the calendar") from None


def _decimal(data: bytes, scale: int) -> Decimal:
    units = int.from_bytes(data[1:], "little")
    digits = tuple(int(d) for d in str(units))
    return Decimal((0 if data[0] else 1, digits, -scale))


def _date(data: bytes) -> dt.date:
    try:
        return dt.date.fromordinal(int.from_bytes(data, "little") + EPOCH)
    except (ValueError, OverflowError):
        raise Malformed("a date outside of the calendar") from None


def _moment(token: int, scale: int, data: bytes) -> tuple[SqlType, Any]:
    if scale > 7:
        raise Malformed(f"a time with {scale} digits after the second")
    kind = SqlType({0x29: "time", 0x2A: "datetime2", 0x2B: "datetimeoffset"}[token], None, None, scale)
    if not data:
        return kind, None
    tail = {0x29: 0, 0x2A: 3, 0x2B: 5}[token]
    if not 3 <= len(data) - tail <= 5:
        raise Malformed(f"a time of {len(data)} bytes")
    clock, rest = data[: len(data) - tail], data[len(data) - tail :]
    micros = int.from_bytes(clock, "little") * 10 ** max(6 - scale, 0) // (10 if scale == 7 else 1)
    if micros >= 86_400_000_000:
        raise Malformed("a time of more than a day")
    seconds, micro = divmod(micros, 1_000_000)
    time = dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro)
    if token == 0x29:
        return kind, time
    moment = dt.datetime.combine(_date(rest[:3]), time)
    if token == 0x2A:
        return kind, moment
    return kind, {"utc": moment, "minutes": struct.unpack("<h", rest[3:])[0]}


def _long(token: int, reader: Reader) -> tuple[SqlType, Any]:
    size = reader.number("H")
    text = token not in (0xA5, 0xAD)
    collation = reader.take(5) if text else b""
    if size == 0xFFFF:
        data = _read_plp(reader)
    else:
        length = reader.number("H")
        data = None if length == 0xFFFF else reader.take(length)
    name = {
        0xA5: "varbinary",
        0xA7: "varchar",
        0xAD: "binary",
        0xAF: "char",
        0xE7: "nvarchar",
        0xEF: "nchar",
    }[token]
    length = MAX if size == 65535 else max(1, min(size // 2, 4000) if name[0] == "n" else min(size, 8000))
    kind = SqlType(name, length)
    if data is None:
        return kind, None
    if not text:
        return kind, bytes(data)
    if name[0] == "n":
        return kind, data.decode("utf-16-le", "replace")
    utf8 = bool(int.from_bytes(collation[:4], "little") >> 20 & 0x40)
    return kind, data.decode("utf-8" if utf8 else "cp1252", "replace")


def _read_plp(reader: Reader) -> bytes | None:
    total = reader.number("Q")
    if total == 0xFFFFFFFFFFFFFFFF:
        return None
    parts: list[bytes] = []
    while True:
        count = reader.number("I")
        if count == 0:
            return b"".join(parts)
        parts.append(reader.take(count))
