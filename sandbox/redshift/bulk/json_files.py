"""JSON files as batches of texts: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from sandbox.redshift.bulk.failures import BadInput, CopyFailed, LoadError
from sandbox.redshift.bulk.targets import Target

ROWS = 1 << 16
LARGEST = 16 * 1024 * 1024  # bytes of one object


def batches(
    file: Path, uri: str, columns: list[Target], how: str, paths: list[str] | None
) -> Iterator[pa.RecordBatch]:
    """Batches of texts, one column per target. ``how``: auto, "auto ignorecase", noshred; or ``paths``, one per target.

    Raises BadInput where the file is no row of JSON objects.
    """
    source = (
        f"read_json_objects({_literal(str(file))}, format = 'unstructured', maximum_object_size = {LARGEST})"
    )
    if paths is not None:
        if len(paths) != len(columns):
            raise CopyFailed(f"Number of jsonpaths and the number of columns should match. JSONPath size: {len(paths)}, "
                             f"Number of columns in table or column list: {len(columns)}")  # fmt: skip
        chosen = [_extract(column, duckdb_path(path)) for column, path in zip(columns, paths, strict=True)]
    elif how == "noshred":
        if len(columns) != 1 or columns[0].kind != "super":
            raise CopyFailed("JSON 'noshred' loads one SUPER column")
        chosen = ["cast(json as varchar)"]
    elif how == "auto ignorecase":
        chosen = [f"(select {_any(column)} from (select json) )" for column in columns]
    else:
        chosen = [_extract(column, "$." + json.dumps(column.name)) for column in columns]
    listed = ", ".join(f'{expression} as "{i}"' for i, expression in enumerate(chosen))
    with duckdb.connect() as connection:
        connection.execute("set threads = 1; set preserve_insertion_order = true")
        try:
            asked = f"select count(*) from {source} where json_type(json) <> 'OBJECT'"
            if connection.execute(asked).fetchall()[0][0]:
                raise BadInput(
                    LoadError(
                        uri, 1, "", "", "", 1216, "Invalid JSON: an object is expected at the top level"
                    )
                )
            for batch in connection.sql(f"select {listed} from {source}").to_arrow_reader(ROWS):
                yield batch.cast(pa.schema([(str(i), pa.string()) for i in range(len(columns))]))
        except duckdb.Error as problem:
            raise BadInput(LoadError(uri, 1, "", "", "", 1216, f"Invalid JSON: {problem}"[:100])) from problem


def _extract(column: Target, path: str) -> str:
    # a SUPER keeps its JSON; a text of JSON loses its quotes
    function = "json_extract" if column.kind == "super" else "json_extract_string"
    return f"cast({function}(json, {_literal(path)}) as varchar)"


def _any(column: Target) -> str:
    keys = f"list_filter(json_keys(json), lambda k: lower(k) = {_literal(column.name.lower())})[1]"
    function = "json_extract" if column.kind == "super" else "json_extract_string"
    path = f"""'$."' || {keys} || '"'"""
    return f"cast({function}(json, {path}) as varchar)"


def duckdb_path(path: str) -> str:
    """A path in brackets ($['a'][0]) or with dots, with dots. Raises CopyFailed."""
    if not path.startswith("$"):
        raise CopyFailed(f"Invalid JSONPath format. Not an object or array: {path}")
    return re.sub(r"\[\s*(['\"])(.*?)\1\s*\]", lambda found: "." + json.dumps(found[2]), path)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
