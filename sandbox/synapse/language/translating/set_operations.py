"""UNION [ALL], EXCEPT, INTERSECT: every column gets the type that holds all its operands.

https://learn.microsoft.com/sql/t-sql/language-elements/set-operators-union-transact-sql
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.nodes import Body, Select, SetOperation
from sandbox.synapse.language.translating import collations, selects
from sandbox.synapse.language.translating.context import Scope
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.precedence import common_type
from sandbox.synapse.language.translating.selects import Rows
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.types import SqlType


def combined(node: SetOperation, scope: Scope) -> Rows:
    """Without ORDER BY. A long chain of UNION ALL is one list, not a deep tree (seeds are loaded with such)."""
    if node.operator == "union all":
        operands = [selects.body(operand, scope) for operand in _chain(node)]
    else:
        operands = [selects.body(node.left, scope), selects.body(node.right, scope)]
    width = len(operands[0].columns)
    if any(len(rows.columns) != width for rows in operands):
        raise SqlError(
            205,
            "All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.",
            node.at[0],
        )
    columns = [_column(i, operands, scope, node) for i in range(width)]
    if node.operator == "union all" and all(_is_row(operand) for operand in _chain(node)):
        sql = _listed_rows(operands, [typed for _, typed in columns], scope, node.at[0])
        if sql is not None:
            return Rows(sql, columns)
    texts = [_as(rows, [typed.type for _, typed in columns], scope, node.at[0]) for rows in operands]
    if node.operator == "union all":
        return Rows(" UNION ALL ".join(f"({text})" for text in texts), columns)
    if node.operator == "union":
        return Rows(
            selects.distinct_rows(" UNION ALL ".join(f"({text})" for text in texts), columns, scope), columns
        )
    if not any(collations.needs_key(typed, scope.context) for _, typed in columns):
        return Rows(f"({texts[0]}) {node.operator.upper()} ({texts[1]})", columns)
    return Rows(_by_keys(node.operator, texts, columns, scope), columns)


def _chain(node: SetOperation) -> list[Body]:
    operands: list[Body] = []
    current: Body = node
    while isinstance(current, SetOperation) and current.operator == "union all" and not current.order:
        operands.append(current.right)
        current = current.left
    if current is node:  # ordered: the caller orders
        assert isinstance(current, SetOperation)
        return _chain(replace(current, order=()))
    operands.append(current)
    return operands[::-1]


def _is_row(operand: Body) -> bool:
    """SELECT of constants, without FROM."""
    return (
        isinstance(operand, Select)
        and operand.source is None
        and operand.where is None
        and operand.top is None
        and not operand.distinct
        and operand.group is None
        and operand.having is None
    )


def _column(i: int, operands: list[Rows], scope: Scope, node: SetOperation) -> tuple[str, Typed]:
    values = [rows.columns[i][1] for rows in operands]
    kind = common_type(values, node.at[0])
    nullable = any(value.nullable for value in values)
    collation = None
    if kind.is_text:
        collation = collations.resolve(values, scope.context, node.at[0], node.operator.upper())
    trimmed = all(value.trimmed or value.null for value in values) and kind.name not in ("char", "nchar")
    null = all(value.null for value in values)
    return operands[0].columns[i][0], Typed(
        f"c{i + 1}", kind, nullable, collation, trimmed=trimmed, null=null
    )


def _as(rows: Rows, kinds: list[SqlType], scope: Scope, line: int) -> str:
    """The operand with its columns converted."""
    converted = [
        convert(replace(typed, sql=f"c{i}"), kind, scope.context, line)
        for i, ((_, typed), kind) in enumerate(zip(rows.columns, kinds, strict=True), 1)
    ]
    if all(value.sql == f"c{i}" for i, value in enumerate(converted, 1)):
        return rows.sql
    items = ", ".join(f"{value.sql} AS c{i}" for i, value in enumerate(converted, 1))
    return f"SELECT {items} FROM ({rows.sql}) AS {scope.context.fresh('u')}"


def _listed_rows(operands: list[Rows], columns: list[Typed], scope: Scope, line: int) -> str | None:
    """Rows of constants as VALUES, which DuckDB plans much faster than hundreds of UNION ALL."""
    lines: list[str] = []
    for rows in operands:
        if not rows.texts or rows.variables:
            return None
        values = [
            convert(replace(typed, sql=text), column.type, scope.context, line).sql
            for (_, typed), text, column in zip(rows.columns, rows.texts, columns, strict=True)
        ]
        lines.append("(" + ", ".join(values) + ")")
    names = ", ".join(f"c{i}" for i in range(1, len(columns) + 1))
    items = ", ".join(f"CAST(c{i} AS {column.type.duckdb()}) AS c{i}" for i, column in enumerate(columns, 1))
    return f"SELECT {items} FROM (VALUES {', '.join(lines)}) AS {scope.context.fresh('u')}({names})"


def _by_keys(operator: str, texts: list[str], columns: list[tuple[str, Typed]], scope: Scope) -> str:
    left, right = scope.context.fresh("l"), scope.context.fresh("r")
    tests = []
    for i, (_, typed) in enumerate(columns, 1):
        a = collations.key(replace(typed, sql=f"{left}.c{i}"), scope.context)
        b = collations.key(replace(typed, sql=f"{right}.c{i}"), scope.context)
        tests.append(f"{a} IS NOT DISTINCT FROM {b}")
    word = "EXISTS" if operator == "intersect" else "NOT EXISTS"
    distinct = selects.distinct_rows(texts[0], columns, scope)
    return f"SELECT * FROM ({distinct}) AS {left} WHERE {word} (SELECT 1 FROM ({texts[1]}) AS {right} WHERE {' AND '.join(tests)})"
