"""Mathematical functions. https://learn.microsoft.com/sql/t-sql/functions/mathematical-functions-transact-sql"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.translating.registry import Invocation, function
from sandbox.synapse.language.translating.values import Typed, once
from sandbox.synapse.types import BIGINT, DECIMALS, FLOAT, INT, INTEGERS, MONEY_TYPE, SqlType, decimal


def number(call: Invocation, index: int = 0) -> Typed:
    """An argument as a number; text becomes float, NULL an int."""
    value = call.arguments[index]
    if value.null:
        return Typed("CAST(NULL AS INTEGER)", INT)
    if value.type.is_text or value.type.name == "bit":
        return call.as_type(index, FLOAT)
    if not value.type.is_number:
        raise SqlError(
            8116,
            f"Argument data type {value.type.name} is invalid for argument {index + 1} of {call.call.name.lower()} function.",
            call.line,
        )
    return value


def same_kind(value: Typed) -> SqlType:
    """The result type of functions that keep it: smaller integers become int, real float, smallmoney money."""
    if value.type.name in ("tinyint", "smallint"):
        return INT
    if value.type.name == "real":
        return FLOAT
    return MONEY_TYPE if value.type.name == "smallmoney" else value.type


def _kept(value: Typed, sql: str) -> Typed:
    kind = same_kind(value)
    return Typed(f"CAST({sql} AS {kind.duckdb()})", kind, value.nullable)


@function("ABS", 1)
def absolute(call: Invocation) -> Typed:
    value = number(call)
    return _kept(value, f"abs({value.sql})")


@function("SIGN", 1)
def sign(call: Invocation) -> Typed:
    value = number(call)
    return _kept(value, f"sign({value.sql})")


def _whole(call: Invocation, word: str) -> Typed:
    """FLOOR and CEILING: a decimal keeps its digits and loses its scale."""
    value = number(call)
    if value.type.name in DECIMALS:
        kind = SqlType(value.type.name, None, value.type.precision, 0)
        return Typed(f"CAST({word}({value.sql}) AS {kind.duckdb()})", kind, value.nullable)
    if value.type.name in INTEGERS:
        return _kept(value, value.sql)
    return _kept(value, f"{word}({value.sql})")


@function("FLOOR", 1)
def floor(call: Invocation) -> Typed:
    return _whole(call, "floor")


@function("CEILING", 1)
def ceiling(call: Invocation) -> Typed:
    return _whole(call, "ceil")


@function("ROUND", 2, 3)
def rounded(call: Invocation) -> Typed:
    """Half away from zero; a third argument other than 0 cuts off. Scale and precision of a decimal stay.

    https://learn.microsoft.com/sql/t-sql/functions/round-transact-sql
    """
    value = number(call)
    kind = same_kind(value)
    places = call.arguments[1]
    cut = call.arguments[2].constant if len(call.arguments) > 2 else 0
    if len(call.arguments) > 2 and not isinstance(cut, int):
        raise unsupported("ROUND with a third argument that is no constant", call.line)
    nullable = value.nullable or places.nullable
    if not isinstance(places.constant, int):
        if kind.name != "float" or cut:
            raise unsupported("ROUND with a length that is no constant", call.line)
        return Typed(
            f"CAST(round({value.sql}, CAST({call.integer(1)} AS INTEGER)) AS {kind.duckdb()})", kind, nullable
        )
    count = places.constant
    if kind.name == "float":
        if cut:
            return Typed(f"(trunc({value.sql} * {10.0**count!r}) / {10.0**count!r})", kind, nullable)
        return Typed(f"round({value.sql}, {count})", kind, nullable)
    return Typed(_exact_rounded(value, kind, count, bool(cut)), kind, nullable)


def _exact_rounded(value: Typed, kind: SqlType, count: int, cut: bool) -> str:
    scale = 4 if kind.name == "money" else (kind.scale or 0)
    sql = value.sql
    if count >= scale and count >= 0:
        return sql if value.type == kind else f"CAST({sql} AS {kind.duckdb()})"
    if count >= 0:
        unit = 10**count
        if cut:
            wide = f"CAST({sql} AS DECIMAL(38,{scale}))"
            return (
                f"CAST({wide} - {wide} % CAST(1.0 / {unit} AS DECIMAL({max(scale, 1) + 1},{max(scale, 1)})) AS {kind.duckdb()})"
                if count
                else f"CAST(trunc({sql}) AS {kind.duckdb()})"
            )
        return f"CAST(round({sql}, {count}) AS {kind.duckdb()})"
    unit = 10**-count
    whole = f"CAST(trunc({sql}) AS HUGEINT)" if scale else f"CAST({sql} AS HUGEINT)"
    if cut:
        return f"CAST({whole} // {unit} * {unit} AS {kind.duckdb()})"
    # the digit that decides stands in the whole part
    return once(
        whole,
        lambda v: (
            f"CAST(({v} + CASE WHEN {v} < 0 THEN {-(unit // 2)} ELSE {unit // 2} END) // {unit} * {unit} AS {kind.duckdb()})"
        ),
    )


@function("POWER", 2)
def power(call: Invocation) -> Typed:
    """The type of the base, so POWER(2, -1) is 0 and POWER(2, 31) overflows."""
    value = number(call)
    exponent = call.as_type(1, FLOAT) if not call.arguments[1].null else Typed("CAST(NULL AS DOUBLE)", FLOAT)
    kind = same_kind(value)
    if kind.name in DECIMALS:
        kind = SqlType(kind.name, None, 38, kind.scale)
    sql = f"power(CAST({value.sql} AS DOUBLE), {exponent.sql})"
    sql = once(
        sql,
        lambda v: (
            f"CASE WHEN isfinite({v}) THEN {v} WHEN {v} IS NOT NULL THEN ts_fail(8115, 'Arithmetic overflow error converting expression to data type {kind.name}.') END"
        ),
    )
    if kind.name in INTEGERS:
        sql = f"trunc({sql})"
    return Typed(f"CAST({sql} AS {kind.duckdb()})", kind, value.nullable or exponent.nullable)


def _float(call: Invocation, write: str, *, domain: str | None = None) -> Typed:
    value = call.as_type(0, FLOAT) if not call.arguments[0].null else Typed("CAST(NULL AS DOUBLE)", FLOAT)
    if domain is None:
        return Typed(write.format(value.sql), FLOAT, value.nullable)
    return Typed(
        once(
            value.sql,
            lambda v: (
                f"CASE WHEN {domain.format(v)} THEN ts_fail(3623, 'An invalid floating point operation occurred.') ELSE {write.format(v)} END"
            ),
        ),
        FLOAT,
        value.nullable,
    )


@function("SQRT", 1)
def sqrt(call: Invocation) -> Typed:
    return _float(call, "sqrt({0})", domain="{0} < 0")


@function("SQUARE", 1)
def square(call: Invocation) -> Typed:
    return _float(call, "power({0}, 2)")


@function("EXP", 1)
def exponential(call: Invocation) -> Typed:
    value = _float(call, "exp({0})")
    return Typed(
        once(
            value.sql,
            lambda v: (
                f"CASE WHEN isinf({v}) THEN ts_fail(8115, 'Arithmetic overflow error converting expression to data type float.') ELSE {v} END"
            ),
        ),
        FLOAT,
        value.nullable,
    )


@function("LOG", 1, 2)
def logarithm(call: Invocation) -> Typed:
    found = _float(call, "ln({0})", domain="{0} <= 0")
    if len(call.arguments) == 1:
        return found
    base = call.as_type(1, FLOAT)
    return Typed(f"({found.sql} / ln({base.sql}))", FLOAT, call.nullable)


@function("LOG10", 1)
def log10(call: Invocation) -> Typed:
    return _float(call, "log10({0})", domain="{0} <= 0")


@function("ACOS", 1)
def acos(call: Invocation) -> Typed:
    return _float(call, "acos({0})", domain="abs({0}) > 1")


@function("ASIN", 1)
def asin(call: Invocation) -> Typed:
    return _float(call, "asin({0})", domain="abs({0}) > 1")


@function("ATAN COS SIN TAN COT", 1)
def trigonometry(call: Invocation) -> Typed:
    return _float(call, call.call.name.lower() + "({0})")


@function("ATN2", 2)
def atn2(call: Invocation) -> Typed:
    a, b = call.as_type(0, FLOAT), call.as_type(1, FLOAT)
    return Typed(f"atan2({a.sql}, {b.sql})", FLOAT, call.nullable)


@function("DEGREES RADIANS", 1)
def angles(call: Invocation) -> Typed:
    """An integer gives an integer, a decimal decimal(38,18) at most, as the page's examples show."""
    value = number(call)
    if value.type.name == "float" or value.type.name == "real":
        return _float(call, call.call.name.lower() + "({0})")
    if value.type.name in INTEGERS:
        kind = same_kind(value)
        return Typed(
            f"CAST(trunc({call.call.name.lower()}(CAST({value.sql} AS DOUBLE))) AS {kind.duckdb()})",
            kind,
            value.nullable,
        )
    kind = decimal(38, 18)
    return Typed(
        f"CAST({call.call.name.lower()}(CAST({value.sql} AS DOUBLE)) AS {kind.duckdb()})",
        kind,
        value.nullable,
    )


@function("PI", 0)
def pi(call: Invocation) -> Typed:
    return Typed("pi()", FLOAT, False)


@function("ISNUMERIC", 1)
def isnumeric(call: Invocation) -> Typed:
    value = call.arguments[0]
    if value.null:
        return Typed("0", INT, False)
    if value.type.is_text:
        return Typed(f"coalesce(ts_is_numeric({value.sql}), 0)", INT, False)
    if value.type.is_number:
        return Typed(f"CASE WHEN {value.sql} IS NULL THEN 0 ELSE 1 END", INT, False)
    return Typed("0", INT, False)


@function("ROWCOUNT_BIG", 0)
def rowcount_big(call: Invocation) -> Typed:
    found = call.context.names.scalar("rowcount_big", [])
    if found is None:
        raise unsupported("ROWCOUNT_BIG", call.line)
    return Typed(f"CAST({found[0]} AS BIGINT)", BIGINT, False)
