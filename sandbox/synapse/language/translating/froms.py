"""FROM: tables, views, derived tables, joins, APPLY, table functions, PIVOT and UNPIVOT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import (
    DerivedTable,
    FunctionSource,
    Join,
    Name,
    Node,
    Pivot,
    TableSource,
    Unpivot,
)  # fmt: skip
from sandbox.synapse.language.translating import conditions, pivots, table_functions
from sandbox.synapse.language.translating.context import Context, Scope, Source
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.values import Typed, name_literal

JOINS = {"inner": "INNER JOIN", "left": "LEFT JOIN", "right": "RIGHT JOIN", "full": "FULL JOIN"}


def source(node: Node, scope: Scope) -> str:
    """DuckDB's text of a source; its columns are added to the scope."""
    handler = HANDLERS.get(type(node))
    if handler is None:
        raise unsupported(f"{type(node).__name__} in FROM", node.at[0])
    return handler(node, scope)


def table(node: TableSource, scope: Scope) -> str:
    name = node.name
    if len(name.parts) == 1:
        relation = scope.relation(name.last)
        if relation is not None:
            if relation.columns is None:
                raise SqlError(
                    100084,
                    "Recursive common table expressions are not supported in this version.",
                    node.at[0],
                )
            alias = scope.context.fresh("q")
            columns = [
                (
                    column,
                    replace(
                        typed, sql=f"{alias}.c{i}", digits=None, constant=None, null=False, explicit=False
                    ),
                )
                for i, (column, typed) in enumerate(relation.columns, 1)
            ]
            scope.add(Source(node.alias or name.last, columns), node.at[0])
            return f"{relation.duckdb} AS {alias}"
    alias = scope.context.fresh("q")
    text, columns = named_table(name, alias, scope.context)
    scope.add(
        Source(
            node.alias or name.last,
            columns,
            None if node.alias else (name.schema or scope.context.names.default_schema),
            name.database,
        ),
        node.at[0],
    )
    return f"{text} AS {alias}"


def check_database(name: Name, context: Context) -> None:
    """A three-part name may only carry the connection's database (40515), or tempdb for a temporary table."""
    if name.database is None or name.database.lower() == context.names.database.lower():
        return
    if name.database.lower() == "tempdb" and name.last.startswith("#"):
        return
    raise SqlError(
        40515,
        f"Reference to database and/or server name in '{'.'.join(name.parts)}' is not supported in this version of SQL Server.",
        name.at[0],
        15,
    )


def named_table(name: Name, alias: str, context: Context) -> tuple[str, list[tuple[str, Typed]]]:
    """DuckDB's text for a table or view and its columns under an alias. Raises 208, 40515."""
    check_database(name, context)
    schema = None if name.last.startswith("#") else name.schema
    columns = context.names.columns(schema, name.last)
    if columns is None:
        shown = ".".join(part for part in name.parts if part)
        raise SqlError(208, f"Invalid object name '{shown}'.", name.at[0])
    context.tables.setdefault((schema, name.last))
    typed = [
        (
            column.name,
            Typed(f"{alias}.{name_literal(column.name)}", column.type, column.nullable, column.collation),
        )
        for column in columns
    ]
    return context.names.source(schema, name.last), typed


def derived(node: DerivedTable, scope: Scope, *, lateral: bool = False) -> str:
    from sandbox.synapse.language.translating import selects

    around = scope if lateral else _around(scope)
    rows = selects.query(node.query, around)
    selects.named_columns(rows, node.columns, node.alias, node.at[0])
    alias = scope.context.fresh("q")
    columns = rows.as_source(alias)
    if node.columns:
        columns = [(name, typed) for name, (_, typed) in zip(node.columns, columns, strict=True)]
    scope.add(Source(node.alias, columns), node.at[0])
    return f"({rows.sql}) AS {alias}"


def _around(scope: Scope) -> Scope:
    """What a derived table sees: the query around, not its neighbours in FROM."""
    return scope.parent if scope.parent is not None else Scope(scope.context)


def function(node: FunctionSource, scope: Scope) -> str:
    return table_functions.source(node, scope)


def join(node: Join, scope: Scope) -> str:
    if node.kind in ("cross apply", "outer apply"):
        return _apply(node, scope)
    first = len(scope.sources)
    left = source(node.left, scope)
    middle = len(scope.sources)
    right = source(node.right, scope)
    if node.kind == "cross":
        return f"{left} CROSS JOIN {_grouped(node.right, right)}"
    assert node.on is not None
    local = Scope(scope.context, scope.parent, scope.sources[first:], scope.relations)
    on = conditions.condition(node.on, Environment(local, "ON clause"))
    if node.kind in ("left", "full"):
        _make_nullable(scope, middle, len(scope.sources))
    if node.kind in ("right", "full"):
        _make_nullable(scope, first, middle)
    return f"{left} {JOINS[node.kind]} {_grouped(node.right, right)} ON {on}"


def _grouped(node: Node, text: str) -> str:
    return f"({text})" if isinstance(node, Join) else text


def _make_nullable(scope: Scope, start: int, stop: int) -> None:
    for one in scope.sources[start:stop]:
        one.columns[:] = [(name, replace(typed, nullable=True)) for name, typed in one.columns]


def _apply(node: Join, scope: Scope) -> str:
    """CROSS APPLY, OUTER APPLY: the right side sees the left one's columns."""
    left = source(node.left, scope)
    start = len(scope.sources)
    if isinstance(node.right, DerivedTable):
        right = derived(node.right, scope, lateral=True)
    else:
        right = source(node.right, scope)
    if node.kind == "cross apply":
        return f"{left} CROSS JOIN LATERAL {right}"
    _make_nullable(scope, start, len(scope.sources))
    return f"{left} LEFT JOIN LATERAL {right} ON TRUE"


HANDLERS: dict[type, Callable[[Any, Scope], str]] = {
    TableSource: table,
    DerivedTable: derived,
    FunctionSource: function,
    Join: join,
    Pivot: pivots.pivot,
    Unpivot: pivots.unpivot,
}
