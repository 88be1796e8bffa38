"""COLMETADATA and ROW: the result of a query on the wire."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.names import Column
from sandbox.synapse.wire.tokens import short_text
from sandbox.synapse.wire.values import encoder, null_of, type_info

NULLABLE, WRITEABLE_UNKNOWN = 0x01, 0x08


def column_metadata(columns: Sequence[Column], collation: str) -> bytes:
    out = [struct.pack("<BH", 0x81, len(columns))]
    for column in columns:
        flags = WRITEABLE_UNKNOWN | (NULLABLE if column.nullable else 0)
        out.append(struct.pack("<IH", 0, flags))
        out.append(type_info(column.type, collation))
        out.append(short_text(column.name))
    return b"".join(out)


class RowWriter:
    """Writes rows of one result. A row with NULLs is an NBCROW, which needs no bytes for them."""

    def __init__(self, columns: Sequence[Column], collation: str) -> None:
        self._columns = columns
        self._encoders = [encoder(column.type, collation) for column in columns]
        self._nulls = [null_of(column.type) for column in columns]

    def write(self, rows: Iterable[Sequence[Any]]) -> bytes:
        out = []
        for row in rows:
            try:
                out.append(self._row(row))
            except (ValueError, OverflowError, TypeError, AttributeError, struct.error) as error:
                raise self._misfit(row, error) from error
        return b"".join(out)

    def _row(self, row: Sequence[Any]) -> bytes:
        out = [b"\xd1"]
        for value, encode, null in zip(row, self._encoders, self._nulls, strict=True):
            out.append(null if value is None else encode(value))
        return b"".join(out)

    def _misfit(self, row: Sequence[Any], error: Exception) -> SqlError:
        for value, encode, column in zip(row, self._encoders, self._columns, strict=True):
            try:
                if value is not None:
                    encode(value)
            except (ValueError, OverflowError, TypeError, AttributeError, struct.error):
                return SqlError(
                    8115, f"Arithmetic overflow error converting expression to data type {column.type.sql()}."
                )
        return SqlError(8115, f"Arithmetic overflow error converting expression: {error}.")
