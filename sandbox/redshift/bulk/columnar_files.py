"""Parquet and ORC files as batches of the table's columns.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.orc as orc
import pyarrow.parquet as parquet

from sandbox.redshift.bulk.failures import spectrum
from sandbox.redshift.bulk.objects import Objects
from sandbox.redshift.bulk.targets import Target

ROWS = 1 << 16


def batches(
    objects: Objects, uri: str, form: str, columns: list[Target], as_json: bool
) -> Iterator[pa.RecordBatch]:
    """Batches with one column per target, by position. Raises CopyFailed for what does not fit; ``as_json``: SERIALIZETOJSON."""
    try:
        with objects.open(uri) as file:
            if form == "orc":
                yield from _checked(
                    orc.ORCFile(io.BytesIO(file.read())).read().to_batches(ROWS), uri, columns, as_json
                )
                return
            opened = parquet.ParquetFile(file)
            _check_schema(opened.schema_arrow, uri, columns, as_json)
            yield from _checked(opened.iter_batches(ROWS), uri, columns, as_json)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as problem:
        raise spectrum(f"File '{uri}' cannot be read as {form}: {str(problem)[:300]}", 15001) from problem


def _checked(
    read: Iterator[pa.RecordBatch] | list[pa.RecordBatch], uri: str, columns: list[Target], as_json: bool
) -> Iterator[pa.RecordBatch]:
    checked = False
    for batch in read:
        if not checked:
            _check_schema(batch.schema, uri, columns, as_json)
            checked = True
        yield pa.record_batch(
            [_fitting(batch.column(i), column) for i, column in enumerate(columns)],
            names=[str(i) for i in range(len(columns))],
        )


def _check_schema(schema: pa.Schema, uri: str, columns: list[Target], as_json: bool) -> None:
    if len(schema) != len(columns):
        raise spectrum(
            f"Unmatched number of columns between table and file. Table columns: {len(columns)}, Data columns: {len(schema)}, "
            f"File name: {uri}"
        )
    for column, field in zip(columns, schema, strict=True):
        if not _fits(column, field.type, as_json):
            raise spectrum(
                f"File '{uri}' has an incompatible Parquet schema for column '{column.name}'. "
                f"Column type: {column.type.upper()}, Parquet schema: {field.type}"
            )


def _fits(column: Target, given: pa.DataType, as_json: bool) -> bool:
    if pa.types.is_dictionary(given):
        given = given.value_type
    if pa.types.is_null(given):
        return True
    texts = pa.types.is_string(given) or pa.types.is_large_string(given)
    raw = pa.types.is_binary(given) or pa.types.is_large_binary(given) or pa.types.is_fixed_size_binary(given)
    match column.kind:
        case "boolean":
            return bool(pa.types.is_boolean(given))
        case "smallint":
            return bool(given in (pa.int8(), pa.int16(), pa.int32(), pa.uint8()))
        case "integer":
            return bool(given in (pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16()))
        case "bigint":
            return bool(given in (pa.int64(), pa.uint32()))
        case "real":
            return bool(given == pa.float32())
        case "double precision":
            return bool(given == pa.float64())
        case "numeric":
            if not pa.types.is_decimal(given):
                return False
            sizes = column.sizes
            return bool(not sizes or (given.scale == sizes[1] and given.precision <= sizes[0]))
        case "character varying" | "character":
            return bool(texts or raw)
        case "date":
            return bool(pa.types.is_date(given))
        case "timestamp without time zone" | "timestamp with time zone":
            return bool(pa.types.is_timestamp(given))
        case "time without time zone":
            return bool(pa.types.is_time(given))
        case "binary varying":
            return bool(raw)
        case "super":
            return bool(pa.types.is_nested(given)) and as_json
    return False


def _fitting(values: pa.Array, column: Target) -> pa.Array:
    """A column as PostgreSQL's CSV takes it. Raises CopyFailed for a text that is too long."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if column.is_text:
        if not pa.types.is_string(values.type):
            values = values.cast(pa.string())
        longest = pc.max(pc.binary_length(values)).as_py() or 0
        if column.length is not None and longest > column.length:
            raise spectrum(
                f"The length of the data column {column.name} is longer than the length defined in the table. "
                f"Table: {column.length}, Data: {longest}",
                15001,
            )
        return values
    if pa.types.is_timestamp(values.type):
        return values.cast(pa.timestamp("us", values.type.tz), safe=False)
    if column.kind == "binary varying":
        return pa.array([None if v is None else "\\x" + v.hex() for v in values.to_pylist()], pa.string())
    if column.kind == "super":
        import json

        return pa.array(
            [None if v is None else json.dumps(v, default=str) for v in values.to_pylist()], pa.string()
        )
    return values
