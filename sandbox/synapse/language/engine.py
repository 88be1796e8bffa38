"""What the translated SQL needs in a DuckDB connection, and DuckDB's errors as SQL Server's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.functions import decimals, json_texts, macros, moments, patterns, texts

# name, function, DuckDB types of its parameters, of its result
FUNCTIONS: list[tuple[str, Callable[..., Any], list[Any], str]] = [
    ("ts_cut_utf8", texts.cut_utf8, ["VARCHAR", "INTEGER"], "VARCHAR"),
    ("ts_cut_utf16", texts.cut_utf16, ["VARCHAR", "INTEGER"], "VARCHAR"),
    ("ts_utf16_length", texts.utf16_length, ["VARCHAR"], "BIGINT"),
    ("ts_change_case", texts.change_case, ["VARCHAR", "BOOLEAN"], "VARCHAR"),
    ("ts_only_cp1252", texts.only_cp1252, ["VARCHAR"], "VARCHAR"),
    ("ts_utf16", texts.utf16, ["VARCHAR"], "BLOB"),
    ("ts_cp1252", texts.cp1252, ["VARCHAR"], "BLOB"),
    ("ts_decode", texts.decode, ["BLOB", "VARCHAR"], "VARCHAR"),
    ("ts_sha512", texts.sha512, ["BLOB"], "BLOB"),
    ("ts_float_text", texts.float_text, ["DOUBLE", "INTEGER"], "VARCHAR"),
    ("ts_str", texts.str_function, ["DOUBLE", "INTEGER", "INTEGER"], "VARCHAR"),
    ("ts_soundex", texts.soundex, ["VARCHAR"], "VARCHAR"),
    ("ts_quote_name", texts.quote_name, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("ts_reverse", texts.reverse, ["VARCHAR"], "VARCHAR"),
    ("ts_binary_to_integer", texts.binary_to_integer, ["BLOB"], "BIGINT"),
    ("ts_is_numeric", texts.is_numeric, ["VARCHAR"], "INTEGER"),
    ("ts_like", patterns.like, ["VARCHAR", "VARCHAR", "VARCHAR", "BOOLEAN", "BOOLEAN"], "BOOLEAN"),
    ("ts_pattern_index", patterns.pattern_index, ["VARCHAR", "VARCHAR", "BOOLEAN"], "INTEGER"),
    ("ts_parse_moment", moments.parse_moment, ["VARCHAR", "VARCHAR", "INTEGER"], "TIMESTAMP"),
    ("ts_parse_offset", moments.parse_offset, ["VARCHAR"], "STRUCT(utc TIMESTAMP, minutes SMALLINT)"),
    ("ts_offset_minutes", moments.offset_minutes, ["VARCHAR"], "INTEGER"),
    ("ts_format_moment", moments.format_moment, ["TIMESTAMP", "VARCHAR"], "VARCHAR"),
    ("ts_product", decimals.product, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    ("ts_quotient", decimals.quotient, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    ("ts_format_number", decimals.format_number, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("ts_json_value", json_texts.json_value, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("ts_json_query", json_texts.json_query, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("ts_is_json", json_texts.is_json, ["VARCHAR"], "INTEGER"),
    (
        "ts_open_json",
        json_texts.open_json,
        ["VARCHAR", "VARCHAR"],
        "STRUCT(key VARCHAR, value VARCHAR, type INTEGER)[]",
    ),
    ("ts_json_rows", json_texts.json_rows, ["VARCHAR", "VARCHAR"], "VARCHAR[]"),
]


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Register the functions and macros; once for each connection (cursors of it share the functions).

    Macros are temporary: they are of the connection, not of the database file.
    """
    for name, function, parameters, result in FUNCTIONS:
        try:
            guarded = _null_for_null(function, len(parameters))
            connection.create_function(
                name, guarded, parameters, result, null_handling=FunctionNullHandling.SPECIAL
            )
        except (duckdb.CatalogException, duckdb.NotImplementedException) as error:
            if "already" not in str(error):
                raise  # else another cursor of the same database brought it
    connection.execute("SET TimeZone = 'UTC'")
    for statement in macros.statements():
        connection.execute(statement)


def _null_for_null(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """NULL in, NULL out; DuckDB's own handling forbids a function to give NULL for other arguments.

    DuckDB counts a function's parameters, so there is one wrapper for each count.
    """
    if count == 1:
        return lambda a: None if a is None else function(a)
    if count == 2:
        return lambda a, b: None if a is None or b is None else function(a, b)
    if count == 3:
        return lambda a, b, c: None if a is None or b is None or c is None else function(a, b, c)
    return lambda a, b, c, d, e: None if None in (a, b, c, d, e) else function(a, b, c, d, e)


_RAISED = re.compile(r"#(\d+)\|(.*)", re.DOTALL)
_INTEGER_NAMES = {
    "INT8": "tinyint",
    "UINT8": "tinyint",
    "INT16": "smallint",
    "INT32": "int",
    "INT64": "bigint",
    "INT128": "numeric",
}


def error_of(error: Exception, line: int = 1) -> SqlError | None:
    """SQL Server's error for what DuckDB raised while it ran a translation; None: it is none of the known kinds."""
    if isinstance(error, SqlError):
        return error
    text = str(error)
    raised = _RAISED.search(text)
    if raised is not None:
        return SqlError(int(raised.group(1)), raised.group(2).split("\n\n")[0].strip(), line)
    if "Division by zero" in text or "division by zero" in text.lower():
        return SqlError(8134, "Divide by zero error encountered.", line)
    if "not in timestamp range" in text or "Date out of range" in text:
        return SqlError(517, "Adding a value to a date column caused an overflow.", line)
    if "More than one row returned by a subquery" in text:
        return SqlError(
            512,
            "Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.",
            line,
        )
    if (
        isinstance(error, duckdb.OutOfRangeException)
        or "out of range" in text
        or "Could not cast value" in text
        or "Failed to cast decimal value" in text
    ):
        return SqlError(
            8115, f"Arithmetic overflow error converting expression to data type {_overflown(text)}.", line
        )
    if "Could not convert string" in text:
        return SqlError(8114, "Error converting data type varchar to numeric.", line)
    return None


def _overflown(text: str) -> str:
    found = re.search(r"to type (U?INT\d+)|destination type (U?INT\d+)|of (U?INT\d+)|to (U?INT\d+)", text)
    if found is not None:
        return _INTEGER_NAMES.get(next(name for name in found.groups() if name), "numeric")
    if "DATE" in text or "TIMESTAMP" in text or "date" in text.lower():
        return "datetime"
    return "numeric"
