"""A DuckDB that has BigQuery's functions. One instance serves many connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from sandbox.bigquery.engine import (
    big_numbers,
    farm_hash,
    json_functions,
    macros,
    moment_functions,
    text_functions,
)
from sandbox.bigquery.engine.python_functions import FUNCTIONS

LOADED = (big_numbers, farm_hash, json_functions, moment_functions, text_functions)


def _wrapped(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """A function with as many parameters as DuckDB expects; NULL in any gives NULL."""
    if count == 1:
        return lambda a: None if a is None else function(a)
    if count == 2:
        return lambda a, b: None if a is None or b is None else function(a, b)
    if count == 3:
        return lambda a, b, c: None if a is None or b is None or c is None else function(a, b, c)
    if count == 4:
        return lambda a, b, c, d: None if None in (a, b, c, d) else function(a, b, c, d)
    return lambda a, b, c, d, e, f: None if None in (a, b, c, d, e, f) else function(a, b, c, d, e, f)


def open_engine() -> duckdb.DuckDBPyConnection:
    """A new instance in memory; databases are attached to it."""
    connection = duckdb.connect(":memory:", config={"allow_unsigned_extensions": "false"})
    for function, arguments, result in FUNCTIONS:
        add: Any = connection.create_function  # its stubs ask for literal types
        add(function.__name__, _wrapped(function, len(arguments)), arguments, result, null_handling="special")
    for statement in macros.statements():
        connection.execute(statement)
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET GLOBAL preserve_insertion_order = true")
    return connection
