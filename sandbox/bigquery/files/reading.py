"""Reading Parquet, CSV and newline-delimited JSON into rows of BigQuery's types.

https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-parquet
https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-csv
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from sandbox.bigquery.errors import Failure, Unsupported
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.translate import casts, values
from sandbox.bigquery.types import STRING, Column, Type

PARQUET_TYPES = {
    "BOOLEAN": "BOOL", "TINYINT": "INT64", "SMALLINT": "INT64", "INTEGER": "INT64", "BIGINT": "INT64", "UTINYINT": "INT64",
    "USMALLINT": "INT64", "UINTEGER": "INT64", "FLOAT": "FLOAT64", "DOUBLE": "FLOAT64", "VARCHAR": "STRING", "BLOB": "BYTES",
    "DATE": "DATE", "TIMESTAMP": "DATETIME", "TIMESTAMP_MS": "DATETIME", "TIMESTAMP_NS": "DATETIME",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP", "TIME": "TIME",
}  # fmt: skip
Rows = tuple[list[Column], str]  # columns, and a SELECT of o0, o1, …


def read(
    cursor: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    form: str,
    told: dict[str, Any],
    schema: Sequence[Column],
) -> Rows:
    """The rows of files. ``told`` are the fields of a load job's configuration; ``schema`` is the wanted one, or empty."""
    with engine_errors():
        if form == "PARQUET":
            return parquet(cursor, files, told, schema)
        if form == "CSV":
            return csv(files, told, schema)
        if form in ("NEWLINE_DELIMITED_JSON", "JSON"):
            return json_lines(files, told, schema)
    raise Unsupported(f"files of format {form}")


def _listed(files: Sequence[Path]) -> str:
    return "[" + ", ".join(values.text(str(f)) for f in files) + "]"


# ---------- Parquet


def parquet(
    cursor: duckdb.DuckDBPyConnection, files: Sequence[Path], told: dict[str, Any], schema: Sequence[Column]
) -> Rows:
    """Columns go by name; a column that the file lacks is NULL, one that the table lacks is an error."""
    lists = bool((told.get("parquetOptions") or {}).get("enableListInference"))
    source = f"read_parquet({_listed(files)}, union_by_name = true, hive_partitioning = false)"
    found = cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns, written = [], []
    for name, engine_type, *_ in found:
        type_, expression = _parquet_value(values.name(name), str(engine_type), lists)
        wanted = next((c for c in schema if c.name.lower() == name.lower()), None)
        if schema and wanted is None:
            raise Failure("invalid", f"Provided Schema does not match the file: no such field: {name}.")
        if wanted is not None and wanted.type.bare != type_.bare:
            raise Failure(
                "invalid",
                f"Error while reading data, error message: Parquet column '{name}' has type {type_} which does not match the target type {wanted.type}.",
            )
        columns.append(Column(wanted.name, wanted.type) if wanted else Column(name, type_))
        written.append(expression)
    listed = ", ".join(f"{w} AS o{i}" for i, w in enumerate(written))
    return columns, f"SELECT {listed} FROM {source}"


def _parquet_value(value: str, engine_type: str, lists: bool) -> tuple[Type, str]:
    """BigQuery's type of a Parquet value, and the value as the engine type of that."""
    if engine_type in PARQUET_TYPES:
        type_ = Type(PARQUET_TYPES[engine_type])
        return type_, f"CAST({value} AS {type_.engine})"
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", engine_type)
    if decimal:
        precision, scale = int(decimal[1]), int(decimal[2])
        if scale > 9 or precision - scale > 29:
            raise Unsupported(f"Parquet {engine_type}, which is a BIGNUMERIC")
        return Type("NUMERIC"), f"CAST({value} AS DECIMAL(38,9))"
    if engine_type.endswith("[]"):
        if not lists:
            raise Unsupported(
                "Parquet lists without list inference (BigQuery makes a record named 'list' of them)"
            )
        inner, written = _parquet_value("e", engine_type[:-2], lists)
        return Type("ARRAY", element=inner), f"list_transform({value}, lambda e: {written})"
    if engine_type.startswith("STRUCT("):
        fields, parts = [], []
        for i, (name, field_type) in enumerate(_fields(engine_type[7:-1])):
            inner, written = _parquet_value(
                f"struct_extract({value}, {values.text(name)})", field_type, lists
            )
            fields.append((name, inner))
            parts.append(f"'f{i}': {written}")
        return Type(
            "STRUCT", fields=tuple(fields)
        ), f"CASE WHEN {value} IS NULL THEN NULL ELSE {{{', '.join(parts)}}} END"
    raise Unsupported(f"the Parquet type {engine_type}")


def _fields(text: str) -> list[tuple[str, str]]:
    """The fields of DuckDB's STRUCT(a INTEGER, "b c" VARCHAR[])."""
    parts, depth, start, quoted = [], 0, 0, False
    for i, c in enumerate(text):
        quoted ^= c == '"'
        depth += (c == "(") - (c == ")") if not quoted else 0
        if c == "," and not depth and not quoted:
            parts.append(text[start:i].strip())
            start = i + 1
    parts.append(text[start:].strip())
    found = []
    for part in parts:
        name = re.match(r'"((?:[^"]|"")*)"|(\S+)', part)
        assert name is not None
        found.append(((name[1] or name[2]).replace('""', '"'), part[name.end() :].strip()))
    return found


# ---------- CSV


def csv(files: Sequence[Path], told: dict[str, Any], schema: Sequence[Column]) -> Rows:
    """Unquoted emptiness is NULL unless there is another mark for it; every value is read as CAST would."""
    if not schema:
        raise Unsupported("detecting the schema of CSV files")
    for column in schema:
        if column.type.kind in ("STRUCT", "ARRAY"):
            raise Failure("invalid", f"Unsupported field type for CSV: {column.name} is {column.type}")
    names = ", ".join(f"'o{i}': 'VARCHAR'" for i in range(len(schema)))
    delimiter = {"\\t": "\t", "tab": "\t"}.get(
        told.get("fieldDelimiter", ","), told.get("fieldDelimiter", ",")
    )
    quote = told.get("quote", '"')
    encoding = str(told.get("encoding", "UTF-8")).upper()
    if encoding not in ("UTF-8", "UTF8"):
        raise Unsupported(f"CSV in {encoding}")
    settings = {
        "header": "false", "auto_detect": "false", "columns": "{" + names + "}", "skip": str(int(told.get("skipLeadingRows") or 0)),
        "delim": values.text(delimiter), "quote": values.text(quote), "escape": values.text(quote),
        "nullstr": values.text(told.get("nullMarker", "")), "allow_quoted_nulls": "false",
        "null_padding": "true" if told.get("allowJaggedRows") else "false", "max_line_size": "20000000", "strict_mode": "true",
        "parallel": "false",
    }  # fmt: skip
    source = f"read_csv({_listed(files)}, {', '.join(f'{k} = {v}' for k, v in settings.items())})"
    listed = ", ".join(f"{_csv_value(f'o{i}', c)} AS o{i}" for i, c in enumerate(schema))
    return list(schema), f"SELECT {listed} FROM {source}"


def _csv_value(value: str, column: Column) -> str:
    kind = column.type.kind
    if kind == "BOOL":
        return f"bq_csv_bool({value})"
    if kind == "BYTES":
        return f"from_base64({value})"
    if kind == "JSON":
        return f"bq_parse_json({value})"
    return casts.cast(value, STRING, column.type.bare)


# ---------- JSON


def json_lines(files: Sequence[Path], told: dict[str, Any], schema: Sequence[Column]) -> Rows:
    """One object a line; a field that is missing is NULL."""
    if not schema:
        raise Unsupported("detecting the schema of JSON files")
    source = f"read_ndjson_objects({_listed(files)}, maximum_object_size = 100000000)"
    listed = ", ".join(
        f"{_json_value(f'json_extract(json, {_member(c.name)})', c.type)} AS o{i}"
        for i, c in enumerate(schema)
    )
    if not told.get("ignoreUnknownValues"):
        known = ", ".join(values.text(c.name) for c in schema)
        check = f"bq_known_fields(CAST(json_keys(json) AS VARCHAR[]), [{known}])"
        return list(schema), f"SELECT {listed} FROM {source} WHERE {check}"
    return list(schema), f"SELECT {listed} FROM {source}"


def _member(name: str) -> str:
    return values.text('$."' + name.replace('"', '\\"') + '"')


def _json_value(value: str, type_: Type) -> str:
    if type_.element is not None:
        inner = _json_value("e", type_.element)
        return f"coalesce(list_transform(CAST({value} AS JSON[]), lambda e: {inner}), [])"
    if type_.kind == "STRUCT":
        parts = [
            f"'f{i}': {_json_value(f'json_extract({value}, {_member(n)})', t)}"
            for i, (n, t) in enumerate(type_.fields)
        ]
        return f"CASE WHEN {value} IS NULL OR json_type({value}) = 'NULL' THEN NULL ELSE {{{', '.join(parts)}}} END"
    if type_.kind == "JSON":
        return f"bq_parse_json(CAST({value} AS VARCHAR))"
    text = f"json_extract_string({value}, '$')"
    if type_.kind == "TIMESTAMP":
        return f"bq_loaded_timestamp({text})"
    if type_.kind == "BYTES":
        return f"from_base64({text})"
    return casts.cast(text, STRING, type_.bare)
