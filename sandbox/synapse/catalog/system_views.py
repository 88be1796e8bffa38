"""The system views' columns, and their rows as Arrow tables for DuckDB to read.

A view that is not listed does not exist here: error 208, as of any other name that the pool does not have.
https://learn.microsoft.com/azure/synapse-analytics/sql/reference-tsql-system-views
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from sandbox.synapse.catalog import information_views, pool_views, sys_views
from sandbox.synapse.catalog.snapshot import Snapshot
from sandbox.synapse.language import Column
from sandbox.synapse.types import SqlType, parse_type

Rows = Callable[[Snapshot], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True)
class SystemView:
    columns: tuple[Column, ...]
    rows: Rows


@cache
def _views() -> dict[str, SystemView]:
    found = {}
    for module in (sys_views, pool_views, information_views):
        for name, (declared, rows) in module.VIEWS.items():
            found[name] = SystemView(tuple(_columns(declared)), rows)
    return found


def _columns(declared: str) -> Iterable[Column]:
    for part in declared.split(";"):
        name, _, kind = part.strip().partition(" ")
        yield Column(name, parse_type("nvarchar(128)" if kind == "sysname" else kind))


def columns(name: str) -> list[Column] | None:
    """name: such as 'sys.tables', lower case. None: there is no such view."""
    view = _views().get(name)
    return None if view is None else list(view.columns)


def names() -> list[str]:
    return sorted(_views())


def table(name: str, snapshot: Snapshot) -> pa.Table:
    """The view's rows now."""
    view = _views()[name]
    rows = list(view.rows(snapshot))
    arrays = [
        pa.array([row[n] for row in rows], _arrow(column.type)) for n, column in enumerate(view.columns)
    ]
    return pa.table(arrays, names=[column.name for column in view.columns])


def _arrow(kind: SqlType) -> pa.DataType:
    if kind.is_text:
        return pa.string()
    if kind.name in ("binary", "varbinary"):
        return pa.binary()
    return {
        "bit": pa.bool_(), "tinyint": pa.uint8(), "smallint": pa.int16(), "int": pa.int32(), "bigint": pa.int64(),
        "datetime": pa.timestamp("us"), "datetime2": pa.timestamp("us"), "float": pa.float64(),
    }[kind.name]  # fmt: skip
