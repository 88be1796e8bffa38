"""Values and types of result columns in the bytes of TDS.

A value comes from DuckDB as Python gives it: bool, int, Decimal, float, str, bytes, date, time, datetime, UUID; a
datetimeoffset as {'utc': datetime, 'minutes': int}.
https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/cbe9c510-eae6-4b1f-9893-a098944d430a
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sandbox.synapse.types import MAX, SqlType
from sandbox.synapse.wire.collation import KNOWN, code_page

Encoder = Callable[[Any], bytes]

EPOCH = dt.date(1, 1, 1).toordinal()
EPOCH_1900 = dt.date(1900, 1, 1)
PLP_NULL, PLP_UNKNOWN = b"\xff" * 8, b"\xfe" + b"\xff" * 7
PLP_CHUNK = 32_000
NUMBER_SIZE = {"tinyint": 1, "smallint": 2, "int": 4, "bigint": 8}


def time_size(scale: int) -> int:
    """Bytes of a time of day with so many digits after the second."""
    return 3 if scale <= 2 else 4 if scale <= 4 else 5


def decimal_size(precision: int) -> int:
    """Bytes of a decimal's value, its sign included."""
    return 5 if precision <= 9 else 9 if precision <= 19 else 13 if precision <= 28 else 17


def type_info(kind: SqlType, collation: str) -> bytes:
    """TYPE_INFO of a column. collation: the database's."""
    name = kind.name
    if name in NUMBER_SIZE:
        return bytes([0x26, NUMBER_SIZE[name]])
    if name == "bit":
        return b"\x68\x01"
    if name in ("decimal", "numeric"):
        precision, scale = kind.precision or 18, kind.scale or 0
        return bytes([0x6A if name == "decimal" else 0x6C, decimal_size(precision), precision, scale])
    if name in ("money", "smallmoney"):
        return bytes([0x6E, 8 if name == "money" else 4])
    if name in ("float", "real"):
        return bytes([0x6D, 8 if name == "float" else 4])
    if name == "date":
        return b"\x28"
    if name in ("time", "datetime2", "datetimeoffset"):
        return bytes([{"time": 0x29, "datetime2": 0x2A, "datetimeoffset": 0x2B}[name], _scale(kind)])
    if name in ("datetime", "smalldatetime"):
        return bytes([0x6F, 8 if name == "datetime" else 4])
    if name == "uniqueidentifier":
        return b"\x24\x10"
    number = {
        "char": 0xAF,
        "varchar": 0xA7,
        "nchar": 0xEF,
        "nvarchar": 0xE7,
        "binary": 0xAD,
        "varbinary": 0xA5,
    }
    length = kind.length or 1
    bytes_long = 0xFFFF if length == MAX else length * (2 if name[0] == "n" else 1)
    info = struct.pack("<BH", number[name], bytes_long)
    return info if kind.name in ("binary", "varbinary") else info + KNOWN[collation]


def encoder(kind: SqlType, collation: str) -> Encoder:
    """The function that writes a value that is not NULL."""
    name = kind.name
    if name in NUMBER_SIZE:
        size = NUMBER_SIZE[name]
        mark, signed = bytes([size]), name != "tinyint"
        return lambda value: mark + int(value).to_bytes(size, "little", signed=signed)
    if name == "bit":
        return lambda value: b"\x01\x01" if value else b"\x01\x00"
    if name in ("decimal", "numeric"):
        return _decimal_encoder(decimal_size(kind.precision or 18), kind.scale or 0)
    if name == "money":
        return _money
    if name == "smallmoney":
        return lambda value: b"\x04" + struct.pack("<i", _scaled(value, 4))
    if name == "float":
        return lambda value: b"\x08" + struct.pack("<d", value)
    if name == "real":
        return lambda value: b"\x04" + struct.pack("<f", value)
    if name == "date":
        return lambda value: b"\x03" + _days(value)
    if name == "time":
        scale = _scale(kind)
        return lambda value: _sized(_clock(value, scale))
    if name == "datetime2":
        scale = _scale(kind)
        return lambda value: _sized(_clock(value, scale) + _days(value))
    if name == "datetimeoffset":
        return _offset_encoder(_scale(kind))
    if name == "datetime":
        return lambda value: b"\x08" + _datetime(value)
    if name == "smalldatetime":
        return lambda value: (
            b"\x04" + struct.pack("<HH", (value.date() - EPOCH_1900).days, value.hour * 60 + value.minute)
        )
    if name == "uniqueidentifier":
        return lambda value: b"\x10" + (value if isinstance(value, UUID) else UUID(str(value))).bytes_le
    encode = _to_bytes(kind, collation)
    if kind.length == MAX:
        return lambda value: _plp(encode(value))

    def bounded(value: Any) -> bytes:
        data = encode(value)
        return struct.pack("<H", len(data)) + data

    return bounded


def null_of(kind: SqlType) -> bytes:
    """NULL of this type in a ROW."""
    if kind.length == MAX:
        return PLP_NULL
    return b"\xff\xff" if kind.length is not None else b"\x00"


def _scale(kind: SqlType) -> int:
    return 7 if kind.scale is None else kind.scale


def _sized(data: bytes) -> bytes:
    return bytes([len(data)]) + data


def _days(value: dt.date) -> bytes:
    return (value.toordinal() - EPOCH).to_bytes(3, "little")


def _clock(value: dt.time | dt.datetime, scale: int) -> bytes:
    micros = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    units = micros * 10 if scale == 7 else micros // 10 ** (6 - scale)
    return units.to_bytes(time_size(scale), "little")


def _datetime(value: dt.datetime) -> bytes:
    """Days since 1900 and three hundredths of a second: what a datetime is."""
    days = (value.date() - EPOCH_1900).days
    micros = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    ticks = (micros * 3 + 5_000) // 10_000
    if ticks >= 25_920_000:
        days, ticks = days + 1, 0
    return struct.pack("<iI", days, ticks)


def _offset_encoder(scale: int) -> Encoder:
    def encode(value: Any) -> bytes:
        return _sized(_clock(value["utc"], scale) + _days(value["utc"]) + struct.pack("<h", value["minutes"]))

    return encode


def _scaled(value: Any, scale: int) -> int:
    number = value if isinstance(value, Decimal) else Decimal(value)
    return int(number.scaleb(scale).to_integral_value())


def _money(value: Any) -> bytes:
    """Eight bytes, the high half first."""
    units = _scaled(value, 4)
    return b"\x08" + struct.pack("<iI", units >> 32, units & 0xFFFFFFFF)


def _decimal_encoder(size: int, scale: int) -> Encoder:
    def encode(value: Any) -> bytes:
        sign, digits, exponent = (value if isinstance(value, Decimal) else Decimal(value)).as_tuple()
        units: int = int("".join(map(str, digits))) if digits else 0
        assert isinstance(exponent, int)
        shift = scale + exponent
        units = units * 10**shift if shift >= 0 else units // 10**-shift
        return bytes([size, 0 if sign else 1]) + units.to_bytes(size - 1, "little")

    return encode


def _to_bytes(kind: SqlType, collation: str) -> Encoder:
    if kind.name in ("binary", "varbinary"):
        return bytes
    if kind.is_unicode:
        return lambda value: value.encode("utf-16-le", "surrogatepass")
    page = code_page(collation)
    if page == "utf-8":
        return lambda value: value.encode("utf-8", "replace")
    # a code page holds a question mark for what it has not
    return lambda value: value.encode(page, "replace")


def _plp(data: bytes) -> bytes:
    out = [struct.pack("<Q", len(data))]
    for start in range(0, len(data), PLP_CHUNK):
        chunk = data[start : start + PLP_CHUNK]
        out += [struct.pack("<I", len(chunk)), chunk]
    out.append(struct.pack("<I", 0))
    return b"".join(out)
