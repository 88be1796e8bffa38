"""Conditions to DuckDB's boolean text: comparisons, IN, LIKE, BETWEEN, EXISTS.

https://learn.microsoft.com/sql/t-sql/queries/search-condition-transact-sql
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.functions import patterns
from sandbox.synapse.language.nodes import (
    And,
    Between,
    Comparison,
    Exists,
    InList,
    InQuery,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Subquery,
)  # fmt: skip
from sandbox.synapse.language.translating import collations
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.precedence import common_type
from sandbox.synapse.language.translating.values import Typed, once, text_literal
from sandbox.synapse.types import SqlType, varchar

OPERATIONS = {"=": "equal to", "<>": "not equal to", "<": "less than", "<=": "less than or equal to", ">": "greater than", ">=": "greater than or equal to"}  # fmt: skip


def condition(node: Node, environment: Environment) -> str:
    handler = HANDLERS.get(type(node))
    if handler is None:
        raise SqlError(
            4145,
            "An expression of non-boolean type specified in a context where a condition is expected, near ')'.",
            node.at[0],
            15,
        )
    return handler(node, environment)


def _value(node: Node, environment: Environment) -> Typed:
    from sandbox.synapse.language.translating.expressions import value

    return value(node, environment)


def both_and(node: And, environment: Environment) -> str:
    return "(" + " AND ".join(condition(item, environment) for item in node.items) + ")"


def either_or(node: Or, environment: Environment) -> str:
    return "(" + " OR ".join(condition(item, environment) for item in node.items) + ")"


def negation(node: Not, environment: Environment) -> str:
    return f"(NOT {condition(node.operand, environment)})"


def is_null(node: IsNull, environment: Environment) -> str:
    operand = _value(node.operand, environment)
    return f"({operand.sql} IS {'NOT ' if node.negated else ''}NULL)"


def comparison(node: Comparison, environment: Environment) -> str:
    left = _value(node.left, environment)
    if node.quantifier is not None:
        return _quantified(node, left, environment)
    return compare(node.operator, left, _value(node.right, environment), environment.context, node.at[0])


def compare(operator: str, left: Typed, right: Typed, context: Context, line: int) -> str:
    """left operator right, in the type of higher precedence."""
    a, b = comparable(left, right, context, line, OPERATIONS[operator])
    return f"({a} {operator} {b})"


def comparable(left: Typed, right: Typed, context: Context, line: int, operation: str) -> tuple[str, str]:
    """Both sides as texts that DuckDB compares as T-SQL compares the values. Raises 206, 402, 468."""
    if left.null or right.null:
        other = right if left.null else left
        return (
            (("NULL", other.sql) if left.null else (other.sql, "NULL"))
            if not other.null
            else ("NULL", "NULL")
        )
    if left.type.is_text and right.type.is_text:
        collation = collations.resolve([left, right], context, line, operation)
        return collations.key(left, context, collation), collations.key(right, context, collation)
    if left.type.is_number and right.type.is_number:
        return _number(left, right), _number(right, left)
    target = common_type([left, right], line)
    _check_pair(left.type, right.type, line, operation)
    a, b = convert(left, target, context, line), convert(right, target, context, line)
    if target.name == "datetimeoffset":
        return f"({a.sql}).utc", f"({b.sql}).utc"
    return a.sql, b.sql


def _check_pair(a: SqlType, b: SqlType, line: int, operation: str) -> None:
    kinds = {a.name, b.name}
    if kinds == {"date", "time"} or (kinds & {"time"} and kinds & {"datetime", "smalldatetime", "datetime2"}):
        if kinds == {"date", "time"}:
            raise SqlError(
                402,
                f"The data types {a.name} and {b.name} are incompatible in the {operation} operator.",
                line,
            )
        return
    for this, other in ((a, b), (b, a)):
        if this.name in ("date", "datetime2", "time") and other.is_number:
            raise SqlError(206, f"Operand type clash: {other.name} is incompatible with {this.name}", line)


def _number(value: Typed, other: Typed) -> str:
    """bit compares as a number; DuckDB widens the rest itself."""
    if value.type.name == "bit":
        return value.sql if other.type.name == "bit" else f"CAST({value.sql} AS INTEGER)"
    return value.sql


def _quantified(node: Comparison, left: Typed, environment: Environment) -> str:
    rows, right = _single_column(
        node.right.query if isinstance(node.right, Subquery) else node.right, environment, node.at[0]
    )
    a, b = comparable(left, right, environment.context, node.at[0], OPERATIONS[node.operator])
    return f"({a} {node.operator} {node.quantifier or 'any'} (SELECT {b} FROM ({rows}) AS {_alias(right)}))".replace(
        " any (", " ANY ("
    ).replace(" all (", " ALL (")


def _single_column(query: Any, environment: Environment, line: int) -> tuple[str, Typed]:
    from sandbox.synapse.language.translating import selects

    rows = selects.inner_query(query, environment)
    if len(rows.columns) != 1:
        raise SqlError(
            116,
            "Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.",
            line,
        )
    alias = environment.context.fresh("i")
    inner = rows.columns[0][1]
    return rows.sql, Typed(f"{alias}.c1", inner.type, inner.nullable, inner.collation, trimmed=inner.trimmed)


def _alias(typed: Typed) -> str:
    return typed.sql.split(".")[0]


def between(node: Between, environment: Environment) -> str:
    operand, low, high = (_value(n, environment) for n in (node.operand, node.low, node.high))
    line = node.at[0]
    first = compare(">=", operand, low, environment.context, line)
    second = compare("<=", operand, high, environment.context, line)
    return f"(NOT ({first} AND {second}))" if node.negated else f"({first} AND {second})"


def in_list(node: InList, environment: Environment) -> str:
    operand = _value(node.operand, environment)
    items = [_value(item, environment) for item in node.items]
    line = node.at[0]
    word = "NOT IN" if node.negated else "IN"
    alike = [item for item in items if not item.null]
    if alike and all(item.type.is_text for item in alike) and operand.type.is_text and not operand.null:
        collation = collations.resolve([operand, *alike], environment.context, line, "equal to")
        listed = ", ".join(
            "NULL" if item.null else collations.key(item, environment.context, collation) for item in items
        )
        return f"({collations.key(operand, environment.context, collation)} {word} ({listed}))"
    if alike and not operand.null and all(_plain_number(value) for value in (operand, *alike)):
        return f"({operand.sql} {word} ({', '.join('NULL' if item.null else item.sql for item in items)}))"
    tests = [compare("=", operand, item, environment.context, line) for item in items]
    joined = "(" + " OR ".join(tests) + ")"
    return f"(NOT {joined})" if node.negated else joined


def _plain_number(value: Typed) -> bool:
    return value.type.is_number and value.type.name != "bit"


def in_query(node: InQuery, environment: Environment) -> str:
    operand = _value(node.operand, environment)
    rows, right = _single_column(node.query, environment, node.at[0])
    a, b = comparable(operand, right, environment.context, node.at[0], "equal to")
    word = "NOT IN" if node.negated else "IN"
    return f"({a} {word} (SELECT {b} FROM ({rows}) AS {_alias(right)}))"


def exists(node: Exists, environment: Environment) -> str:
    from sandbox.synapse.language.translating import selects

    rows = selects.inner_query(node.query, environment)
    return f"EXISTS ({rows.sql})"


# ---------- LIKE


def like(node: Like, environment: Environment) -> str:
    """Trailing blanks of a varchar may go unmatched, those of nvarchar may not; a pattern's blanks always count."""
    operand, pattern = _value(node.operand, environment), _value(node.pattern, environment)
    line = node.at[0]
    escape = ""
    if node.escape is not None:
        escaped = _value(node.escape, environment)
        if not isinstance(escaped.constant, str):
            raise unsupported("LIKE with an ESCAPE that is no constant", line)
        escape = escaped.constant
        patterns.check_escape(escape, line)
    if operand.null or pattern.null:
        return "(NULL = 1)"
    collation = collations.resolve([operand, pattern], environment.context, line, "like")
    insensitive = environment.context.insensitive(collation)
    blanks = not (operand.type.is_unicode or pattern.type.is_unicode)
    operand = (
        operand
        if operand.type.is_text
        else convert(operand, varchar(8000), environment.context, line, implicit=False)
    )
    pattern = (
        pattern
        if pattern.type.is_text
        else convert(pattern, varchar(8000), environment.context, line, implicit=False)
    )
    if isinstance(pattern.constant, str):
        sql = _constant_like(operand.sql, pattern.constant, escape, insensitive, blanks)
    else:
        sql = f"ts_like({operand.sql}, {pattern.sql}, {text_literal(escape)}, {str(insensitive).upper()}, {str(blanks).upper()})"
    return f"(NOT {sql})" if node.negated else sql


def _constant_like(sql: str, pattern: str, escape: str, insensitive: bool, blanks: bool) -> str:
    if not escape and not insensitive and "[" not in pattern and "\\" not in pattern:
        plain = text_literal(pattern)
        if not blanks or pattern.endswith("%"):
            return f"({sql} LIKE {plain})"
        if pattern.endswith(" "):
            return once(
                sql,
                lambda v: (
                    f"({v} LIKE {plain} OR regexp_full_match({v}, {text_literal(patterns.regular_expression(pattern, None) + ' *')}))"
                ),
            )
        return once(sql, lambda v: f"({v} LIKE {plain} OR rtrim({v}, ' ') LIKE {plain})")
    expression = patterns.regular_expression(pattern, escape or None, insensitive=insensitive)
    if blanks and not pattern.endswith("%"):
        expression += " *"
    return f"regexp_full_match({sql}, {text_literal(expression)})"


HANDLERS: dict[type, Callable[[Any, Environment], str]] = {
    And: both_and,
    Or: either_or,
    Not: negation,
    IsNull: is_null,
    Comparison: comparison,
    Between: between,
    InList: in_list,
    InQuery: in_query,
    Exists: exists,
    Like: like,
}
