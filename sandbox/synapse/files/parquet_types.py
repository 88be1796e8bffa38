"""Which Parquet columns a dedicated pool loads into which of its types.

https://learn.microsoft.com/azure/synapse-analytics/sql/load-data-overview (Parquet data type mapping)
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.synapse.errors import SqlError
from sandbox.synapse.types import SqlType

TEXT = ("char", "varchar", "nchar", "nvarchar")
DECIMALS = ("decimal", "numeric", "money", "smallmoney")
MOMENTS = ("datetime2", "datetime", "smalldatetime")


def read_schema(path: Path, shown: str) -> pq.ParquetSchema:
    """The file's schema. Raises SqlError 110802 where it is no Parquet file."""
    try:
        schema: pq.ParquetSchema = pq.ParquetFile(path).schema
    except (pa.ArrowException, OSError) as error:
        raise SqlError(
            110802,
            f"110802;An internal DMS error occurred that caused this operation to fail. Details: '{shown}' is not a Parquet file ({error}).",
        ) from error
    return schema


def check(path: Path, shown: str, columns: list[tuple[str, SqlType]]) -> None:
    """Whether the file's columns go into these, by place. Raises SqlError 106000 as the pool's reader fails."""
    schema = read_schema(path, shown)
    if len(schema) != len(columns):
        raise SqlError(
            106000,
            f"106000;The column count of '{shown}' ({len(schema)}) does not match the number of columns to be loaded ({len(columns)}).",
        )
    for place, (name, kind) in enumerate(columns):
        column = schema.column(place)
        if column.max_repetition_level or "." in column.path:
            raise SqlError(
                106000,
                f"106000;HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: column '{column.path}' of '{shown}' is nested.",
            )
        allowed = _allowed(column, shown)
        if kind.name not in allowed:
            raise SqlError(
                106000,
                "106000;HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: "
                f"ClassCastException: column '{column.name}' of '{shown}' is {_word(column)}, which cannot be loaded into '{name}' of type {kind.sql()}.",
            )


def _logical(column: pq.ColumnSchema) -> dict[str, object]:
    told: dict[str, object] = json.loads(column.logical_type.to_json())
    return told


def _word(column: pq.ColumnSchema) -> str:
    logical = str(column.logical_type.type)
    return f"{column.physical_type}" if logical == "NONE" else f"{column.physical_type} ({logical})"


def _allowed(column: pq.ColumnSchema, shown: str) -> tuple[str, ...]:
    """Names of the types that a Parquet column may be loaded into."""
    physical, logical = column.physical_type, _logical(column)
    kind = str(logical.get("Type", "None"))
    if kind == "Timestamp":
        unit = str(logical.get("timeUnit", "")).lower()
        if unit != "milliseconds":
            raise SqlError(
                106000,
                f"106000;Parquet data types with {'MICROS' if unit.startswith('micro') else 'NANOS'} precision are not supported: column '{column.name}' of '{shown}' is a timestamp in {unit}; write it in milliseconds, as INT96, or as text.",
            )
        return MOMENTS
    if kind == "Time":
        raise SqlError(
            106000, f"106000;Parquet type TIME of column '{column.name}' of '{shown}' is not supported."
        )
    if kind == "Decimal":
        return DECIMALS
    if kind == "Date":
        return ("date",)
    if kind in ("String", "Enum", "JSON"):
        return TEXT
    if kind == "UUID":
        return ("uniqueidentifier",)
    if kind == "Int":
        width, signed = logical.get("bitWidth"), logical.get("isSigned")
        if not signed:
            raise SqlError(
                106000,
                f"106000;Unsigned Parquet integers are not supported: column '{column.name}' of '{shown}'.",
            )
        return {8: ("tinyint",), 16: ("smallint",), 32: ("int",), 64: ("bigint",)}[int(str(width))]
    return {
        "BOOLEAN": ("bit",), "INT32": ("int",), "INT64": ("bigint",), "INT96": MOMENTS, "FLOAT": ("real",),
        "DOUBLE": ("float", "money", "smallmoney"), "BYTE_ARRAY": ("binary", "varbinary"),
        "FIXED_LEN_BYTE_ARRAY": ("binary", "varbinary"),
    }.get(physical, ())  # fmt: skip
