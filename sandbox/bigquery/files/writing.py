"""Writing rows as Parquet, CSV or newline-delimited JSON. A file appears whole under its name or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from sandbox.bigquery.errors import Failure, Unsupported
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.files.locations import path_of
from sandbox.bigquery.translate import values
from sandbox.bigquery.translate.casts import cast
from sandbox.bigquery.translate.functions.json import encoded
from sandbox.bigquery.types import STRING, Column, Type

COMPRESSIONS = {
    "PARQUET": ("SNAPPY", "GZIP", "ZSTD", "NONE"),
    "CSV": ("GZIP", "NONE"),
    "JSON": ("GZIP", "NONE"),
}


def export(
    cursor: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    sql: str,
    uri: str,
    root: Path | None,
    form: str,
    compression: str = "NONE",
    header: bool = True,
    delimiter: str = ",",
    overwrite: bool = True,
) -> int:
    """Write a query's rows (named o0, o1, …) to the file of a URI, * being the number of the first file; the rows' number."""
    form = "JSON" if form == "NEWLINE_DELIMITED_JSON" else form
    if form not in COMPRESSIONS or compression not in COMPRESSIONS[form]:
        raise Unsupported(f"an export as {form} with compression {compression}")
    if uri.count("*") > 1:
        raise Failure("invalid", f"Only one wildcard is allowed in a URI: {uri}")
    path = path_of(uri.replace("*", "000000000000"), root)
    if not overwrite and list(path.parent.glob(Path(uri.replace("*", "[0-9]" * 12)).name)):
        raise Failure("invalid", f"Path {uri} is not empty; use overwrite = true")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with engine_errors():
            done = cursor.execute(_copy(columns, sql, part, form, compression, header, delimiter)).fetchone()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return int(done[0]) if done else 0


def _copy(
    columns: Sequence[Column], sql: str, part: Path, form: str, compression: str, header: bool, delimiter: str
) -> str:
    target = values.text(str(part))
    if form == "PARQUET":
        listed = ", ".join(
            f"{for_parquet(f'o{i}', c.type)} AS {values.name(c.name)}" for i, c in enumerate(columns)
        )
        codec = "uncompressed" if compression == "NONE" else compression.lower()
        return f"COPY (SELECT {listed} FROM ({sql})) TO {target} (FORMAT parquet, COMPRESSION {codec})"
    codec = "none" if compression == "NONE" else "gzip"
    if form == "CSV":
        listed = ", ".join(
            f"{for_csv(f'o{i}', c.type)} AS {values.name(c.name)}" for i, c in enumerate(columns)
        )
        return f"COPY (SELECT {listed} FROM ({sql})) TO {target} (FORMAT csv, HEADER {str(header).lower()}, DELIMITER {values.text(delimiter)}, COMPRESSION {codec})"
    whole = Type("STRUCT", fields=tuple((c.name, c.type) for c in columns))
    row = "{" + ", ".join(f"'f{i}': o{i}" for i in range(len(columns))) + "}"
    line = encoded("r", whole)
    return f"COPY (SELECT {line} AS line FROM (SELECT {row} AS r FROM ({sql}))) TO {target} (FORMAT csv, HEADER false, DELIMITER '', QUOTE '', ESCAPE '', COMPRESSION {codec})"


def for_parquet(value: str, type_: Type) -> str:
    """Named fields, and an instant marked as such."""
    if type_.kind == "TIMESTAMP":
        return f"CAST({value} AS TIMESTAMP WITH TIME ZONE)"
    if type_.element is not None:
        return f"list_transform({value}, lambda e: {for_parquet('e', type_.element)})"
    if type_.kind == "STRUCT":
        parts = [
            f"{values.text(n)}: {for_parquet(f'struct_extract({value}, {_field(i)})', t)}"
            for i, (n, t) in enumerate(type_.fields)
        ]
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {{{', '.join(parts)}}} END"
    return value


def _field(index: int) -> str:
    return f"'f{index}'"


def for_csv(value: str, type_: Type) -> str:
    if type_.kind in ("ARRAY", "STRUCT"):
        raise Failure("invalid", f"Operation cannot be performed on a nested schema: {type_}")
    if type_.kind == "TIMESTAMP":
        return f"bq_datetime_to_string({value}) || ' UTC'"
    if type_.kind == "BYTES":
        return f"to_base64({value})"
    return value if type_.kind in ("STRING", "JSON") else cast(value, type_, STRING)
