"""Types of a query's columns, as UNLOAD writes them to Parquet."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pyarrow as pa

TYPES = {
    16: pa.bool_(), 21: pa.int16(), 23: pa.int32(), 20: pa.int64(), 700: pa.float32(), 701: pa.float64(), 1082: pa.date32(),
    1114: pa.timestamp("us"), 1184: pa.timestamp("us", "UTC"), 1083: pa.time64("us"),
}  # fmt: skip
NUMERIC = 1700


@dataclass(frozen=True)
class Column:
    name: str
    oid: int
    modifier: int

    @classmethod
    def described(cls, body: bytes) -> list[Column]:
        """The columns of a RowDescription's body."""
        (count,) = struct.unpack_from("!h", body)
        found, at = [], 2
        for _ in range(count):
            end = body.index(b"\0", at)
            _, _, oid, _, modifier, _ = struct.unpack_from("!ihihih", body, end + 1)
            found.append(cls(body[at:end].decode(), oid, modifier))
            at = end + 19
        return found


def arrow_type(column: Column, as_read: bool = False) -> pa.DataType:
    """Of the file; ``as_read``: of PostgreSQL's CSV, before a cast."""
    if column.oid == NUMERIC:
        if column.modifier < 0:
            return pa.decimal128(38, 10)
        return pa.decimal128(((column.modifier - 4) >> 16) & 65535, (column.modifier - 4) & 65535)
    if column.oid == 1184 and as_read:
        return pa.timestamp("us", "UTC")
    return TYPES.get(column.oid, pa.string())
