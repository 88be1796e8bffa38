"""+ - * / % & | ^ and the sign, with T-SQL's result types; + on text.

https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.translating import collations, text_conversions
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.precedence import (
    RANK,
    as_decimal,
    concat_type,
    is_approximate,
    product_type,
    quotient_type,
    remainder_type,
    sum_type,
)  # fmt: skip
from sandbox.synapse.language.translating.values import NULL, Typed, once, once_each
from sandbox.synapse.types import DECIMALS, FLOAT, MAX, MONEY, MONEY_TYPE, SqlType, varchar

NAMES = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
    "&": "'&'",
    "|": "'|'",
    "^": "'^'",
}


def _invalid(kind: SqlType, operator: str, line: int) -> SqlError:
    return SqlError(8117, f"Operand data type {kind.name} is invalid for {NAMES[operator]} operator.", line)


def negated(operand: Typed, context: Context, line: int) -> Typed:
    if operand.null:
        return operand
    if operand.type.is_text:
        raise SqlError(8117, f"Operand data type {operand.type.name} is invalid for minus operator.", line)
    if not operand.type.is_number or operand.type.name == "bit":
        raise SqlError(8117, f"Operand data type {operand.type.name} is invalid for minus operator.", line)
    plain = (
        isinstance(operand.constant, int) and operand.digits is not None and not operand.sql.startswith("-")
    )
    sql = f"-{operand.sql}" if plain else f"(-({operand.sql}))"
    kind = operand.type
    if kind.name == "tinyint":
        kind, sql = SqlType("smallint"), f"(-CAST({operand.sql} AS SMALLINT))"
    constant = -operand.constant if isinstance(operand.constant, int | float) else operand.constant
    return Typed(sql, kind, operand.nullable, digits=operand.digits, constant=constant)


def plus_chain(values: list[Typed], context: Context, line: int) -> Typed:
    """a + b + c …: text is joined at once, so that a long chain is cut at its limit only once."""
    start = 0
    if all(value.type.is_text or value.null for value in values) and any(
        value.type.is_text and not value.null for value in values
    ):
        return joined(values, context, line)
    result = values[0]
    for start in range(1, len(values)):
        result = operate("+", result, values[start], context, line)
    return result


def joined(values: list[Typed], context: Context, line: int) -> Typed:
    """Text + text: NULL if one is NULL; 8000 bytes at most unless one is (max)."""
    typed = [Typed("CAST(NULL AS VARCHAR)", varchar(1)) if value.null else value for value in values]
    kind = typed[0].type
    total = kind.length or 0
    for value in typed[1:]:
        kind = concat_type(kind, value.type)
        total = MAX if MAX in (total, value.type.length) else total + (value.type.length or 0)
    sql = "(" + " || ".join(value.sql for value in typed) + ")"
    sql = text_conversions.cut_to_limit(sql, total, kind, context)
    collation = collations.resolve(typed, context, line, "add")
    return Typed(
        sql,
        kind,
        any(v.nullable for v in values),
        collation,
        any(v.explicit for v in typed),
        typed[-1].trimmed and typed[-1].constant not in (None, ""),
        constant=True if all(v.constant is not None for v in typed) else None,
    )


def operate(operator: str, left: Typed, right: Typed, context: Context, line: int) -> Typed:
    """One operator; the operand of lower precedence is converted to the other's type."""
    if left.null and right.null:
        return NULL
    if (
        operator == "+"
        and (left.type.is_text or left.null)
        and (right.type.is_text or right.null)
        and (left.type.is_text or right.type.is_text)
    ):
        return joined([left, right], context, line)
    if left.null:
        left = _null_as(right)
    if right.null:
        right = _null_as(left)
    for side in (left, right):
        if side.type.name in (
            "date",
            "time",
            "datetime2",
            "datetimeoffset",
            "uniqueidentifier",
            "binary",
            "varbinary",
        ) and not _bytes_for(operator, left, right):
            other = right if side is left else left
            if (
                side.type.name in ("date", "time", "datetime2", "datetimeoffset")
                and other.type.name != side.type.name
            ):
                raise SqlError(
                    206,
                    f"Operand type clash: {other.type.name if not other.type.is_text else side.type.name} is incompatible with {side.type.name if not other.type.is_text else other.type.name}",
                    line,
                )
            raise _invalid(side.type, operator, line)
    left, right = _bytes_as_integer(left, right, context, line), _bytes_as_integer(right, left, context, line)
    if "datetime" in (left.type.name, right.type.name) or "smalldatetime" in (
        left.type.name,
        right.type.name,
    ):
        return _datetime_sum(operator, left, right, context, line)
    if operator in "&|^":
        return _bits(operator, left, right, line, context)
    if left.type.is_text or right.type.is_text:
        if left.type.is_text and right.type.is_text:
            raise SqlError(
                402,
                f"The data types {left.type.name} and {right.type.name} are incompatible in the {NAMES[operator]} operator.",
                line,
            )
        number = right if left.type.is_text else left
        left = convert(left, number.type, context, line) if left.type.is_text else left
        right = convert(right, number.type, context, line) if right.type.is_text else right
    if left.type.name == "bit" and right.type.name == "bit":
        raise SqlError(
            402, f"The data types bit and bit are incompatible in the {NAMES[operator]} operator.", line
        )
    nullable = left.nullable or right.nullable
    if is_approximate(left.type) or is_approximate(right.type):
        return _floats(operator, left, right, context, line, nullable)
    if left.type.name in DECIMALS or right.type.name in DECIMALS:
        return _decimals(operator, left, right, nullable)
    if left.type.name in MONEY or right.type.name in MONEY:
        return _money(operator, left, right, nullable)
    return _integers(operator, left, right, nullable)


def _null_as(other: Typed) -> Typed:
    return Typed(f"CAST(NULL AS {other.type.duckdb()})", other.type, True)


def _bytes_for(operator: str, left: Typed, right: Typed) -> bool:
    return operator in "&|^+" and "binary" in left.type.name + right.type.name


def _bytes_as_integer(value: Typed, other: Typed, context: Context, line: int) -> Typed:
    """Binary with a number counts as one; two binaries do not."""
    if value.type.name not in ("binary", "varbinary"):
        return value
    if not other.type.is_integer or other.type.name == "bit":
        raise unsupported("an operator on binary and another type than an integer", line)
    return convert(value, other.type, context, line)


def _wider(left: SqlType, right: SqlType) -> SqlType:
    return left if RANK[left.name] < RANK[right.name] else right


def _as_number(value: Typed, duckdb: str) -> str:
    if value.type.duckdb() == duckdb:
        return value.sql
    if value.type.name == "bit" and duckdb.startswith("DECIMAL"):
        return f"CAST(CAST({value.sql} AS INTEGER) AS {duckdb})"
    return f"CAST({value.sql} AS {duckdb})"


def _divisor_known(value: Typed) -> bool:
    return value.constant not in (None, 0)


def _integers(operator: str, left: Typed, right: Typed, nullable: bool) -> Typed:
    """int op int is int, and fails when it does not fit; / cuts the fraction off."""
    kind = _wider(left.type, right.type)
    duckdb = kind.duckdb()
    a, b = _as_number(left, duckdb), _as_number(right, duckdb)
    if kind.name == "tinyint":
        wide = f"(CAST({a} AS INTEGER) {'//' if operator == '/' else operator} CAST({b} AS INTEGER))"
        return Typed(f"CAST({wide} AS UTINYINT)", kind, nullable)
    word = "//" if operator == "/" else operator
    return Typed(f"({_term(a)} {word} {_term(b)})", kind, nullable)


def _term(sql: str) -> str:
    return f"({sql})" if sql.startswith("-") else sql


def _floats(operator: str, left: Typed, right: Typed, context: Context, line: int, nullable: bool) -> Typed:
    kind = _wider(left.type, right.type) if left.type.name == right.type.name else FLOAT
    if left.type.name != "float" and right.type.name != "float":
        kind = SqlType("real") if "real" in (left.type.name, right.type.name) else FLOAT
    if operator == "%":
        raise _invalid(kind, operator, line)
    a, b = convert(left, kind, context, line).sql, convert(right, kind, context, line).sql
    if operator == "/" and right.constant in (None, 0):
        divided = once(b, lambda v: f"ts_divisor({v})")
        return Typed(finite(f"({_term(a)} / {divided})", kind), kind, nullable)
    return Typed(finite(f"({_term(a)} {operator} {_term(b)})", kind), kind, nullable)


def finite(sql: str, kind: SqlType) -> str:
    """A float that overflows is error 8115, not infinity."""
    return once(sql, lambda v: f"ts_finite({v}, '{kind.name}')")


def _money(operator: str, left: Typed, right: Typed, nullable: bool) -> Typed:
    """money op money or int is money, of four digits; a quotient is cut off."""
    a, b = (_as_number(side, "DECIMAL(19,4)") for side in (left, right))
    if operator in "+-":
        return Typed(f"CAST({a} {operator} {b} AS DECIMAL(19,4))", MONEY_TYPE, nullable)
    if operator == "*":
        return Typed(f"CAST({a} * {b} AS DECIMAL(19,4))", MONEY_TYPE, nullable)
    if operator == "/":
        return Typed(
            f"CAST(CAST((CAST({a} * 10000 AS HUGEINT) * 10000) // CAST({b} * 10000 AS HUGEINT) AS DECIMAL(34,0)) * 0.0001 AS DECIMAL(19,4))",
            MONEY_TYPE,
            nullable,
        )
    return Typed(f"CAST({a} % {b} AS DECIMAL(19,4))", MONEY_TYPE, nullable)


def _decimals(operator: str, left: Typed, right: Typed, nullable: bool) -> Typed:
    a, b = as_decimal(left), as_decimal(right)
    x, y = _as_number(left, a.duckdb()), _as_number(right, b.duckdb())
    if operator in "+-":
        kind = sum_type(a, b)
        if (a.precision or 0) - (a.scale or 0) + (kind.scale or 0) <= 38 and (b.precision or 0) - (
            b.scale or 0
        ) + (kind.scale or 0) <= 38:
            wide = f"DECIMAL({kind.precision},{kind.scale})"
            return Typed(
                f"CAST({_widened(x, a, kind)} {operator} {_widened(y, b, kind)} AS {wide})", kind, nullable
            )
        return Typed(f"CAST({x} {operator} {y} AS {kind.duckdb()})", kind, nullable)
    if operator == "*":
        kind = product_type(a, b)
        return Typed(product(x, y, a, b, kind), kind, nullable)
    if operator == "/":
        kind = quotient_type(a, b)
        return Typed(quotient(x, y, a, b, kind), kind, nullable)
    kind = remainder_type(a, b)
    return Typed(f"CAST({x} % {y} AS {kind.duckdb()})", kind, nullable)


def _widened(sql: str, given: SqlType, kind: SqlType) -> str:
    return (
        sql
        if (given.precision, given.scale) == (kind.precision, kind.scale)
        else f"CAST({sql} AS {kind.duckdb()})"
    )


def product(x: str, y: str, a: SqlType, b: SqlType, kind: SqlType) -> str:
    """Natively up to 38 digits; more (rare values, not rare types) go through ts_product, which is exact."""
    pa, sa, pb, sb = a.precision or 0, a.scale or 0, b.precision or 0, b.scale or 0
    if pa + pb <= 38:
        return f"CAST({_beyond_18(x, a, pb)} * {y} AS {kind.duckdb()})"
    exact = (
        "CAST(ts_product(CAST({0} AS VARCHAR), CAST({1} AS VARCHAR), "
        + str(kind.scale)
        + f") AS {kind.duckdb()})"
    )
    room = 38 - (sa + sb)
    if room < 2:
        return once_each([x, y], lambda v: exact.format(*v))
    first = min(max(room // 2, room - (pb - sb)), pa - sa)
    second = room - first
    # DuckDB makes the product of two decimals as wide as both, at most 38: narrow them first.
    native = f"CAST(CAST({{0}} AS DECIMAL({first + sa},{sa})) * CAST({{1}} AS DECIMAL({second + sb},{sb})) AS {kind.duckdb()})"
    if second <= 0 or first <= 0 or first + sa > 38 or second + sb > 38:
        return once_each([x, y], lambda v: exact.format(*v))
    small = f"abs({{0}}) < {10**first} AND abs({{1}}) < {10**second}"
    return once_each(
        [x, y], lambda v: f"CASE WHEN {small.format(*v)} THEN {native.format(*v)} ELSE {exact.format(*v)} END"
    )


def quotient(x: str, y: str, a: SqlType, b: SqlType, kind: SqlType) -> str:
    """a/b cut off at the scale, in integers of 38 digits; larger values go through ts_quotient."""
    sa, sb, scale = a.scale or 0, b.scale or 0, kind.scale or 0
    shift = scale - sa + sb
    exact = (
        "CAST(ts_quotient(CAST({0} AS VARCHAR), CAST({1} AS VARCHAR), "
        + str(scale)
        + f") AS {kind.duckdb()})"
    )
    digits = 38 - shift - sa  # of the dividend's integral part
    if shift < 0 or digits < 1 or 2 * sa > 37 or 2 * sb > 37:
        return once_each([x, y], lambda v: exact.format(*v))
    numerator = _unscaled("{0}", a)
    denominator = _unscaled("{1}", b)
    unit = "0." + "0" * (scale - 1) + "1" if scale else "1"
    whole = f"CAST(({numerator} * {10**shift}) // {denominator} AS DECIMAL(38,0))"
    native = f"CAST({whole} * CAST('{unit}' AS DECIMAL({scale + 1},{scale})) AS {kind.duckdb()})"
    limit_a = min(digits, 38 - 2 * sa)
    limit_b = 38 - 2 * sb
    checks = []
    if (a.precision or 0) - sa > limit_a:
        checks.append(f"abs({{0}}) < {10**limit_a}")
    if (b.precision or 0) - sb > limit_b:
        checks.append(f"abs({{1}}) < {10**limit_b}")
    if not checks:
        return once_each([x, y], lambda v: native.format(*v))
    test = " AND ".join(checks)
    return once_each(
        [x, y],
        lambda v: (
            f"CASE WHEN ({test.format(*v)}) OR {v[0]} IS NULL OR {v[1]} IS NULL THEN {native.format(*v)} ELSE {exact.format(*v)} END"
        ),
    )


def _unscaled(name: str, kind: SqlType) -> str:
    """The decimal's digits as one whole number."""
    scale = kind.scale or 0
    if scale == 0:
        return f"CAST({name} AS HUGEINT)"
    precision = kind.precision or 38
    if precision + scale + 1 > 38:
        return f"CAST(CAST({name} AS DECIMAL({38 - scale},{scale})) * CAST({10**scale} AS DECIMAL({scale + 1},0)) AS HUGEINT)"
    return (
        f"CAST({_beyond_18(name, kind, scale + 1)} * CAST({10**scale} AS DECIMAL({scale + 1},0)) AS HUGEINT)"
    )


def _beyond_18(sql: str, kind: SqlType, other: int) -> str:
    """DuckDB keeps a product of two decimals of up to 18 digits within 18 digits; one of 19 lets it grow."""
    precision = kind.precision or 38
    if precision + other <= 18 or precision > 18 or other > 18:
        return sql
    return f"CAST({sql} AS DECIMAL(19,{kind.scale or 0}))"


def _bits(operator: str, left: Typed, right: Typed, line: int, context: Context) -> Typed:
    for side in (left, right):
        if not side.type.is_integer and not side.type.is_text:
            raise _invalid(side.type, operator, line)
    if left.type.is_text and right.type.is_text:
        raise SqlError(
            402,
            f"The data types {left.type.name} and {right.type.name} are incompatible in the {NAMES[operator]} operator.",
            line,
        )
    kind = _wider(left.type, right.type)
    a, b = convert(left, kind, context, line).sql, convert(right, kind, context, line).sql
    nullable = left.nullable or right.nullable
    if kind.name == "bit":
        a, b = f"CAST({a} AS INTEGER)", f"CAST({b} AS INTEGER)"
        sql = f"xor({a}, {b})" if operator == "^" else f"({a} {operator} {b})"
        return Typed(f"({sql} <> 0)", kind, nullable)
    sql = f"xor({a}, {b})" if operator == "^" else f"({a} {operator} {b})"
    return Typed(sql, kind, nullable)


def _datetime_sum(operator: str, left: Typed, right: Typed, context: Context, line: int) -> Typed:
    """datetime + number of days; datetime - datetime is the datetime that many days after 1900-01-01."""
    if operator not in "+-":
        bad = left if left.type.is_moment else right
        raise _invalid(bad.type, operator, line)
    kind = (
        SqlType("datetime") if "datetime" in (left.type.name, right.type.name) else SqlType("smalldatetime")
    )
    nullable = left.nullable or right.nullable
    if left.type.is_integer and left.type.name != "bit" and operator == "+":
        left, right = right, left
    if right.type.is_integer and left.type.is_moment:
        return Typed(
            f"CAST({left.sql} {operator} to_days(CAST({right.sql} AS INTEGER)) AS TIMESTAMP)", kind, nullable
        )
    a, b = convert(left, kind, context, line).sql, convert(right, kind, context, line).sql
    micros = f"(epoch_us({a}) {operator} (epoch_us({b}) - epoch_us(TIMESTAMP '1900-01-01')))"
    return Typed(f"make_timestamp(CAST({micros} AS BIGINT))", kind, nullable)
