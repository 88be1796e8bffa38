"""PIVOT and UNPIVOT. https://learn.microsoft.com/sql/t-sql/queries/from-using-pivot-and-unpivot"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.nodes import (
    Call,
    ColumnRef,
    Comparison,
    Literal,
    Name,
    Pivot,
    SearchedCase,
    Unpivot,
)
from sandbox.synapse.language.translating import collations
from sandbox.synapse.language.translating.context import Scope, Source
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.values import Typed, text_literal
from sandbox.synapse.types import nvarchar


def _inner(node: Pivot | Unpivot, scope: Scope) -> tuple[Scope, str]:
    from sandbox.synapse.language.translating import froms

    inner = Scope(scope.context, scope.parent)
    return inner, froms.source(node.source, inner)


def pivot(node: Pivot, scope: Scope) -> str:
    """Grouped by every column that neither the aggregate nor FOR names."""
    from sandbox.synapse.language.translating.aggregates import aggregate
    from sandbox.synapse.language.translating.expressions import value

    inner, text = _inner(node, scope)
    environment = Environment(inner, aggregates=True)
    if (
        node.aggregate.star
        or node.aggregate.distinct
        or len(node.aggregate.arguments) != 1
        or not isinstance(node.aggregate.arguments[0], ColumnRef)
    ):
        raise SqlError(
            103010,
            f"Parse error at line: {node.at[0]}, column: {node.at[1]}: Incorrect syntax near 'PIVOT'.",
            node.at[0],
        )
    argument = node.aggregate.arguments[0]
    used = {value(argument, environment).sql, inner.column(node.column)[0].sql}
    alias = scope.context.fresh("q")
    items: list[str] = []
    keys: list[str] = []
    columns: list[tuple[str, Typed]] = []
    for source in inner.sources:
        for name, typed in source.columns:
            if typed.sql in used:
                continue
            key = collations.key(typed, scope.context)
            keys.append(key)
            items.append(typed.sql if key == typed.sql else f"min({typed.sql})")
            columns.append((name, typed))
    for wanted in node.values:
        at = node.at
        test = Comparison(at, "=", ColumnRef(at, node.column), Literal(at, "text", wanted))
        picked = SearchedCase(at, ((test, argument),), None)
        found = aggregate(Call(at, node.aggregate.name, (picked,)), environment)
        items.append(found.sql)
        columns.append((wanted, found))
    listed = ", ".join(f"{item} AS c{i}" for i, item in enumerate(items, 1))
    group = f" GROUP BY {', '.join(keys)}" if keys else ""
    made = [
        (name, replace(typed, sql=f"{alias}.c{i}", digits=None, constant=None))
        for i, (name, typed) in enumerate(columns, 1)
    ]
    scope.add(Source(node.alias, made), node.at[0])
    return f"(SELECT {listed} FROM {text}{group}) AS {alias}"


def unpivot(node: Unpivot, scope: Scope) -> str:
    """A row for every listed column that is not NULL; they must be of one type (error 8167)."""
    inner, text = _inner(node, scope)
    wanted = [(name, inner.column(Name((name,), node.at))[0]) for name in node.columns]
    kinds = {typed.type for _, typed in wanted}
    if len(kinds) > 1:
        other = next(name for name, typed in wanted if typed.type != wanted[0][1].type)
        raise SqlError(
            8167,
            f'The type of column "{other}" conflicts with the type of other columns specified in the UNPIVOT list.',
            node.at[0],
        )
    used = {typed.sql for _, typed in wanted}
    kept = [
        (name, typed) for source in inner.sources for name, typed in source.columns if typed.sql not in used
    ]
    alias, pairs = scope.context.fresh("q"), scope.context.fresh("p")
    listed = ", ".join(f"{{'n': {text_literal(name)}, 'v': {typed.sql}}}" for name, typed in wanted)
    items = [*(typed.sql for _, typed in kept), f"{pairs}.p.v", f"{pairs}.p.n"]
    sql = ", ".join(f"{item} AS c{i}" for i, item in enumerate(items, 1))
    first = wanted[0][1]
    columns = [
        *kept,
        (node.value, replace(first, nullable=False)),
        (node.name, Typed("", nvarchar(128), False, trimmed=True)),
    ]
    made = [(name, replace(typed, sql=f"{alias}.c{i}")) for i, (name, typed) in enumerate(columns, 1)]
    scope.add(Source(node.alias, made), node.at[0])
    return f"(SELECT {sql} FROM {text} CROSS JOIN LATERAL (SELECT unnest([{listed}]) AS p) AS {pairs} WHERE {pairs}.p.v IS NOT NULL) AS {alias}"
