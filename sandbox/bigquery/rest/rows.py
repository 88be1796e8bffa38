"""Rows as the REST interface writes them: every value is text in {"v": …}, every row is {"f": […]}."""

from __future__ import annotations

import base64
import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb

from sandbox.bigquery.types import Column, Type

MOST_BYTES = 10_000_000  # of one page; https://cloud.google.com/bigquery/docs/paging-results
EPOCH = dt.datetime(1970, 1, 1)


def page(
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[Column],
    names: Sequence[str],
    start: int,
    most: int,
    exact_time: bool,
) -> tuple[list[dict[str, Any]], int]:
    """Rows from number ``start`` on, ``most`` at most and not much more than a page's bytes; and the next row's number."""
    listed = [_read(f'"{n}"', c.type) for n, c in zip(names, columns, strict=True)]
    cursor.execute(f"SELECT {', '.join(listed) or '1'} FROM {source} LIMIT {most} OFFSET {start}")
    found: list[dict[str, Any]] = []
    size = 0
    while size < MOST_BYTES:
        batch = cursor.fetchmany(2000)
        if not batch:
            break
        for row in batch:
            fields = [{"v": value(v, c.type, exact_time)} for v, c in zip(row, columns, strict=False)]
            found.append({"f": fields})
            size += sum(len(f["v"]) + 8 if isinstance(f["v"], str) else 16 for f in fields)
    return found, start + len(found)


def _read(name: str, type_: Type) -> str:
    """An INTERVAL is read as text, because Python has no such type."""
    if type_.kind == "INTERVAL":
        return f"bq_interval_to_string({name})"
    if type_.element is not None and type_.element.kind == "INTERVAL":
        return f"list_transform({name}, lambda e: bq_interval_to_string(e))"
    return name


def value(found: Any, type_: Type, exact_time: bool) -> Any:
    """One value. ``exact_time``: a TIMESTAMP as microseconds, else as seconds in floating point."""
    kind = type_.kind
    if type_.element is not None:
        return [{"v": value(v, type_.element, exact_time)} for v in found or []]
    if found is None:
        return None
    if kind == "STRUCT":
        inner = found.values() if isinstance(found, dict) else found
        return {"f": [{"v": value(v, t, exact_time)} for v, (_, t) in zip(inner, type_.fields, strict=True)]}
    if kind == "BOOL":
        return "true" if found else "false"
    if kind == "FLOAT64":
        return number(found)
    if kind == "NUMERIC":
        return f"{Decimal(found).normalize():f}" if found else "0"
    if kind == "BYTES":
        return base64.b64encode(bytes(found)).decode()
    if kind == "TIMESTAMP":
        micros = (found - EPOCH) // dt.timedelta(microseconds=1)
        return str(micros) if exact_time else repr(micros / 1_000_000)
    if kind in ("DATE", "DATETIME", "TIME"):
        return str(found.isoformat())
    return str(found)


def number(found: float) -> str:
    if math.isnan(found):
        return "NaN"
    if math.isinf(found):
        return "Infinity" if found > 0 else "-Infinity"
    return repr(found)
