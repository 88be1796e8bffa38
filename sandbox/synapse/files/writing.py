"""Files that CREATE EXTERNAL TABLE … AS SELECT leaves in the lake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.synapse.catalog.things import TableColumn
from sandbox.synapse.errors import unsupported
from sandbox.synapse.files.csv_reading import marked


def write_parquet(table: pa.Table, columns: Sequence[TableColumn], path: Path, compression: str) -> None:
    """Moments as INT96, text as UTF-8, as the pool's writer does. compression: SnappyCodec's or GzipCodec's class name."""
    codec = (
        "gzip" if "gzip" in compression.lower() else "snappy" if "snappy" in compression.lower() else "none"
    )
    arrays = []
    for column, data in zip(columns, table.columns, strict=True):
        if column.type.name in ("datetimeoffset", "uniqueidentifier", "time"):
            raise unsupported(f"{column.type.name} column '{column.name}' in an exported file")
        arrays.append(data)
    named = pa.table(arrays, names=[c.name for c in columns])
    pq.write_table(named, path, compression=codec, use_deprecated_int96_timestamps=True)


def write_text(table: pa.Table, columns: Sequence[TableColumn], path: Path, options: dict[str, Any]) -> None:
    """Delimited text in UTF-8; NULL is an empty field. options: FIELD_TERMINATOR, STRING_DELIMITER, …"""
    end = marked(str(options.get("FIELD_TERMINATOR", "|")))
    quote = marked(str(options.get("STRING_DELIMITER", "")))
    lines = []
    for row in zip(*(data.to_pylist() for data in table.columns), strict=True):
        fields = []
        for column, value in zip(columns, row, strict=True):
            text = "" if value is None else _text(value)
            fields.append(
                f"{quote}{text}{quote}" if quote and column.type.is_text and value is not None else text
            )
        lines.append(end.join(fields) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "True" if value else "False"
    return str(value)
