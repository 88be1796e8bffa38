"""Expressions to DuckDB's text with T-SQL's type: literals, columns, operators, CASE, subqueries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import (
    AtTimeZone,
    Binary,
    Call,
    Cast,
    Collate,
    ColumnRef,
    DatePartName,
    Literal,
    Node,
    SearchedCase,
    SimpleCase,
    Subquery,
    Unary,
    Variable,
)  # fmt: skip
from sandbox.synapse.language.translating import (
    arithmetic,
    collations,
    conditions,
    registry,
    time_zones,
)
from sandbox.synapse.language.translating import (
    context as contexts,
)
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import Environment, not_grouped
from sandbox.synapse.language.translating.precedence import common_type
from sandbox.synapse.language.translating.values import NULL, Typed, python_literal, text_literal
from sandbox.synapse.types import FLOAT, INT, MAX, MONEY_TYPE, SqlType, datetime2, nvarchar, varchar


def value(node: Node, environment: Environment) -> Typed:
    """The translated expression; in a grouped query an expression that equals a key is that key."""
    groups = environment.groups
    if groups is not None and type(node) in groups.kinds:
        found = _key(node, environment)
        if found is not None:
            return found
    handler = HANDLERS.get(type(node))
    if handler is None:
        raise unsupported(f"{type(node).__name__} as a value", node.at[0])
    return handler(node, environment)


def _key(node: Node, environment: Environment) -> Typed | None:
    assert environment.groups is not None
    try:
        raw = value(node, environment.rows())
    except SqlError:
        if isinstance(node, ColumnRef):
            raise
        return None
    return environment.groups.keys.get(raw.sql)


# ---------- leaves


def literal(node: Literal, environment: Environment) -> Typed:
    """https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql"""
    text = node.text
    if node.kind == "null":
        return NULL
    if node.kind == "text":
        return text_constant(text, environment)
    if node.kind == "unicode":
        units = len(text.encode("utf-16-le")) // 2
        kind = nvarchar(max(units, 1)) if units <= 4000 else nvarchar(MAX)
        return Typed(text_literal(text), kind, False, trimmed=not text.endswith(" "), constant=text)
    if node.kind == "integer":
        number = int(text)
        digits = len(str(number))
        if number <= 2147483647:
            return Typed(str(number), INT, False, digits=digits, constant=number)
        if digits > 38:
            raise SqlError(
                1007,
                f"The number '{text}' is out of the range for numeric representation (maximum precision 38).",
                node.at[0],
                15,
            )
        return Typed(
            f"CAST({number} AS DECIMAL({digits},0))",
            SqlType("numeric", None, digits, 0),
            False,
            constant=number,
        )
    if node.kind == "decimal":
        return _decimal_literal(text, node)
    if node.kind == "float":
        return Typed(f"CAST({text_literal(text)} AS DOUBLE)", FLOAT, False, constant=float(text))
    if node.kind == "money":
        return Typed(f"CAST({text_literal(text[1:])} AS DECIMAL(19,4))", MONEY_TYPE, False, constant=text)
    digits_text = text[2:]
    if len(digits_text) % 2:
        digits_text = "0" + digits_text
    return Typed(
        f"unhex('{digits_text}')", SqlType("varbinary", max(len(digits_text) // 2, 1)), False, constant=text
    )


def text_constant(text: str, environment: Environment) -> Typed:
    """'…': varchar of its bytes; outside of code page 1252 a character becomes `?` unless the pool is UTF-8."""
    if environment.context.utf8:
        size = len(text.encode())
    else:
        text = text.encode("cp1252", errors="replace").decode("cp1252")
        size = len(text)
    kind = varchar(max(size, 1)) if size <= 8000 else varchar(MAX)
    return Typed(text_literal(text), kind, False, trimmed=not text.endswith(" "), constant=text)


def _decimal_literal(text: str, node: Literal) -> Typed:
    whole, _, fraction = text.partition(".")
    whole = whole.lstrip("0")
    precision, scale = max(len(whole) + len(fraction), 1), len(fraction)
    if precision > 38:
        raise SqlError(
            1007,
            f"The number '{text}' is out of the range for numeric representation (maximum precision 38).",
            node.at[0],
            15,
        )
    kind = SqlType("numeric", None, precision, scale)
    zero = not (whole + fraction).strip("0")
    return Typed(
        f"CAST('{whole or '0'}.{fraction}' AS {kind.duckdb()})"
        if fraction
        else f"CAST('{whole or '0'}' AS {kind.duckdb()})",
        kind,
        False,
        constant=0 if zero else text,
    )


def column(node: ColumnRef, environment: Environment) -> Typed:
    typed, depth = environment.scope.column(node.name)
    if depth == 0:
        if environment.groups is not None:
            found = environment.groups.keys.get(typed.sql)
            if found is None:
                raise not_grouped(node, typed, environment)
            return found
        return typed
    scope = environment.scope
    for _ in range(depth):
        assert scope.parent is not None
        scope = scope.parent
    outer = scope.environment
    if outer is not None and outer.groups is not None:
        found = outer.groups.keys.get(typed.sql)
        if found is None:
            raise not_grouped(node, typed, outer)
        return found
    return typed


def variable(node: Variable, environment: Environment) -> Typed:
    if node.name.startswith("@@"):
        found = environment.context.names.scalar(node.name.lower(), [])
        if found is None:
            raise unsupported(node.name, node.at[0])
        return Typed(found[0], found[1])
    known = environment.context.variables.get(node.name.lower())
    if known is None:
        raise SqlError(137, f'Must declare the scalar variable "{node.name}".', node.at[0], 15)
    trimmed = isinstance(known.value, str) and not known.value.endswith(" ")
    return Typed(python_literal(known.value, known.type), known.type, known.value is None, trimmed=trimmed)


# ---------- operators


def unary(node: Unary, environment: Environment) -> Typed:
    operand = value(node.operand, environment)
    if node.operator == "+":
        return operand
    if node.operator == "~":
        if not operand.type.is_integer:
            raise SqlError(
                8117, f"Operand data type {operand.type.name} is invalid for '~' operator.", node.at[0]
            )
        if operand.type.name == "bit":
            return Typed(f"(NOT {operand.sql})", operand.type, operand.nullable)
        return Typed(f"(~{operand.sql})", operand.type, operand.nullable)
    return arithmetic.negated(operand, environment.context, node.at[0])


def binary(node: Binary, environment: Environment) -> Typed:
    if node.operator == "+":
        operands = _plus_chain(node)
        if len(operands) > 2:
            typed = [value(operand, environment) for operand in operands]
            return arithmetic.plus_chain(typed, environment.context, node.at[0])
    left, right = value(node.left, environment), value(node.right, environment)
    return arithmetic.operate(node.operator, left, right, environment.context, node.at[0])


def _plus_chain(node: Binary) -> list[Node]:
    operands: list[Node] = []
    current: Node = node
    while isinstance(current, Binary) and current.operator == "+":
        operands.append(current.right)
        current = current.left
    operands.append(current)
    return operands[::-1]


def collate(node: Collate, environment: Environment) -> Typed:
    operand = value(node.operand, environment)
    if operand.null:
        return operand
    if not operand.type.is_text:
        raise SqlError(447, f"Expression type {operand.type.name} is invalid for COLLATE clause.", node.at[0])
    name = (
        environment.context.names.collation
        if node.collation.lower() in ("database_default", "catalog_default")
        else node.collation
    )
    if contexts.known_collation(name) is None:
        raise unsupported(f"COLLATE {node.collation}", node.at[0])
    return replace(operand, collation=name, explicit=True)


def cast(node: Cast, environment: Environment) -> Typed:
    operand = value(node.operand, environment)
    style = None
    if node.style is not None:
        style_value = value(node.style, environment)
        if not isinstance(style_value.constant, int):
            raise unsupported("a style of CONVERT that is no constant", node.at[0])
        style = style_value.constant
    converted = convert(
        operand, node.type, environment.context, node.at[0], implicit=False, attempt=node.attempt, style=style
    )
    return replace(converted, null=False, digits=None)


# ---------- CASE, subqueries


def searched_case(node: SearchedCase, environment: Environment) -> Typed:
    tests = [conditions.condition(test, environment) for test, _ in node.branches]
    return _case(tests, [result for _, result in node.branches], node.otherwise, environment, node.at[0])


def simple_case(node: SimpleCase, environment: Environment) -> Typed:
    operand = value(node.operand, environment)
    tests = []
    for test, _ in node.branches:
        tests.append(
            conditions.compare("=", operand, value(test, environment), environment.context, node.at[0])
        )
    return _case(tests, [result for _, result in node.branches], node.otherwise, environment, node.at[0])


def _case(
    tests: list[str], nodes: list[Node], otherwise: Node | None, environment: Environment, line: int
) -> Typed:
    results = [value(node, environment) for node in nodes]
    last = value(otherwise, environment) if otherwise is not None else NULL
    everything = [*results, last]
    if all(result.null for result in everything):
        raise SqlError(
            8133,
            "At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.",
            line,
        )
    target = common_type(everything, line)
    converted = [convert(result, target, environment.context, line) for result in everything]
    branches = " ".join(
        f"WHEN {test} THEN {result.sql}" for test, result in zip(tests, converted, strict=False)
    )
    nullable = any(result.nullable for result in everything)
    collation = collations.resolve(everything, environment.context, line, "CASE") if target.is_text else None
    return Typed(
        f"(CASE {branches} ELSE {converted[-1].sql} END)",
        target,
        nullable,
        collation,
        trimmed=all(c.trimmed or c.null for c in converted),
    )


def subquery(node: Subquery, environment: Environment) -> Typed:
    from sandbox.synapse.language.translating import selects

    rows = selects.inner_query(node.query, environment)
    if len(rows.columns) != 1:
        raise SqlError(
            116,
            "Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.",
            node.at[0],
        )
    inner = rows.columns[0][1]
    if environment.inside:
        raise SqlError(
            130,
            "Cannot perform an aggregate function on an expression containing an aggregate or a subquery.",
            node.at[0],
        )
    return Typed(f"({rows.sql})", inner.type, True, inner.collation, trimmed=inner.trimmed)


def call(node: Call, environment: Environment) -> Typed:
    return registry.call(node, environment)


def date_part(node: DatePartName, environment: Environment) -> Typed:
    raise SqlError(155, f"'{node.word}' is not a recognized datepart option.", node.at[0], 15)


def at_time_zone(node: AtTimeZone, environment: Environment) -> Typed:
    operand, zone = value(node.operand, environment), value(node.zone, environment)
    if operand.null:
        operand = Typed("CAST(NULL AS TIMESTAMP)", datetime2(7))
    return time_zones.at_time_zone(operand, zone, node.at[0])


def not_a_value(node: Node, environment: Environment) -> Typed:
    raise SqlError(
        103010,
        f"Parse error at line: {node.at[0]}, column: {node.at[1]}: Incorrect syntax near '='.",
        node.at[0],
    )


HANDLERS: dict[type, Callable[[Any, Environment], Typed]] = {
    Literal: literal,
    ColumnRef: column,
    Variable: variable,
    Unary: unary,
    Binary: binary,
    Collate: collate,
    Cast: cast,
    SearchedCase: searched_case,
    SimpleCase: simple_case,
    Subquery: subquery,
    Call: call,
    DatePartName: date_part,
    AtTimeZone: at_time_zone,
}
