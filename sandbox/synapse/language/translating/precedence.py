"""The type of a result: precedence of types, decimal's precision and scale, lengths of text.

https://learn.microsoft.com/sql/t-sql/data-types/data-type-precedence-transact-sql
https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.language.words import words
from sandbox.synapse.types import (
    APPROXIMATE,
    DECIMALS,
    INTEGERS,
    LONGEST,
    MAX,
    MONEY,
    SqlType,
    decimal,
)  # fmt: skip

ORDER = words(
    "datetimeoffset datetime2 datetime smalldatetime date time float real decimal numeric money smallmoney bigint int "
    "smallint tinyint bit uniqueidentifier nvarchar nchar varchar char varbinary binary"
)
RANK = {name: rank for rank, name in enumerate(ORDER)}
UNICODE_LIMIT, TEXT_LIMIT = 4000, 8000


def as_decimal(value: Typed) -> SqlType:
    """The decimal type that an integer, money or decimal expression has in decimal arithmetic.

    An integer literal has as many digits as are written; int has 10, bigint 19.
    """
    kind = value.type
    if kind.name in DECIMALS:
        return kind
    if value.digits is not None:
        return decimal(value.digits, 0)
    if kind.name in INTEGERS:
        return decimal(INTEGERS[kind.name], 0)
    return decimal(MONEY[kind.name], 4)


def _reduced(precision: int, scale: int) -> SqlType:
    """Products and quotients of more than 38 digits: 32 integral digits are kept, then 6 of the scale."""
    if precision <= 38:
        return decimal(precision, scale)
    integral = precision - scale
    if integral < 32:
        scale = min(scale, 38 - integral)
    elif scale > 6:
        scale = 6
    return decimal(38, scale)


def sum_type(a: SqlType, b: SqlType) -> SqlType:
    """Of + and -."""
    pa, sa, pb, sb = _parts(a, b)
    scale, integral = max(sa, sb), max(pa - sa, pb - sb)
    precision = integral + scale + 1
    if precision > 38:
        scale = min(scale, 38 - integral) if integral < min(38, precision) - scale else max(38 - integral, 0)
    return decimal(min(precision, 38), scale)


def product_type(a: SqlType, b: SqlType) -> SqlType:
    pa, sa, pb, sb = _parts(a, b)
    return _reduced(pa + pb + 1, sa + sb)


def quotient_type(a: SqlType, b: SqlType) -> SqlType:
    pa, sa, pb, sb = _parts(a, b)
    scale = max(6, sa + pb + 1)
    return _reduced(pa - sa + sb + scale, scale)


def remainder_type(a: SqlType, b: SqlType) -> SqlType:
    pa, sa, pb, sb = _parts(a, b)
    scale = max(sa, sb)
    return decimal(min(pa - sa, pb - sb) + scale, scale)


def union_type(a: SqlType, b: SqlType) -> SqlType:
    """The decimal that holds both (UNION, CASE, COALESCE): at 38 digits the scale gives way."""
    pa, sa, pb, sb = _parts(a, b)
    scale, integral = max(sa, sb), max(pa - sa, pb - sb)
    if scale + integral > 38:
        scale = max(38 - integral, 0)
    return decimal(min(scale + integral, 38), scale)


def _parts(a: SqlType, b: SqlType) -> tuple[int, int, int, int]:
    return a.precision or 0, a.scale or 0, b.precision or 0, b.scale or 0


def common_type(values: list[Typed], line: int) -> SqlType:
    """The type of CASE, COALESCE, a UNION's column, both sides of a comparison. All NULL: int."""
    typed = [value for value in values if not value.null]
    if not typed:
        return values[0].type
    result = typed[0].type
    for value in typed[1:]:
        result = _pair(result, value.type, line)
    return result


def _pair(first: SqlType, second: SqlType, line: int) -> SqlType:
    if RANK[first.name] > RANK[second.name]:
        first, second = second, first
    if first.is_text and second.is_text:
        return text_union(first, second)
    if first.name in ("binary", "varbinary") and second.name in ("binary", "varbinary"):
        lengths = (first.length or 0, second.length or 0)
        name = "binary" if first.name == second.name == "binary" else "varbinary"
        return SqlType(name, MAX if MAX in lengths else max(lengths))
    if first.name in DECIMALS and (
        second.name in DECIMALS or second.name in INTEGERS or second.name in MONEY
    ):
        joined = union_type(as_decimal(Typed("", first)), as_decimal(Typed("", second)))
        return SqlType(first.name, None, joined.precision, joined.scale)
    if first.name == second.name and first.scale is not None:
        return SqlType(first.name, None, first.precision, max(first.scale, second.scale or 0))
    if first.name in ("date", "time") and second.name in ("date", "time") and first.name != second.name:
        raise SqlError(206, f"Operand type clash: {second.name} is incompatible with {first.name}", line)
    return first


def text_union(a: SqlType, b: SqlType) -> SqlType:
    """The text type that holds both."""
    unicode = a.is_unicode or b.is_unicode
    fixed = a.name in ("char", "nchar") and b.name in ("char", "nchar")
    name = ("nchar" if unicode else "char") if fixed else ("nvarchar" if unicode else "varchar")
    if MAX in (a.length, b.length):
        return SqlType(name, MAX)
    return SqlType(name, min(max(a.length or 0, b.length or 0), LONGEST[name]))


def concat_type(a: SqlType, b: SqlType) -> SqlType:
    """Of + on text, and of CONCAT: the sum of the lengths, 8000 bytes or 4000 byte pairs at most, unless one is max."""
    unicode = a.is_unicode or b.is_unicode
    limit = UNICODE_LIMIT if unicode else TEXT_LIMIT
    fixed = a.name in ("char", "nchar") and b.name in ("char", "nchar")
    name = ("nchar" if unicode else "char") if fixed else ("nvarchar" if unicode else "varchar")
    if MAX in (a.length, b.length):
        return SqlType("nvarchar" if unicode else "varchar", MAX)
    return SqlType(name, min((a.length or 0) + (b.length or 0), limit))


def is_exact(kind: SqlType) -> bool:
    return kind.name in DECIMALS or kind.name in INTEGERS or kind.name in MONEY


def is_approximate(kind: SqlType) -> bool:
    return kind.name in APPROXIMATE
