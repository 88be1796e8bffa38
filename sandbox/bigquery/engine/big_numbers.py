"""Arithmetic of BIGNUMERIC, which DuckDB has no type for: a value is its decimal text, rounded to 38 digits behind the point."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, InvalidOperation

from sandbox.bigquery.engine.python_functions import engine_function, numeric

WIDE = Context(prec=160, rounding=ROUND_HALF_UP)
UNIT = Decimal("1e-38")
LIMIT = Decimal(2) ** 255 * UNIT


def big(value: Decimal) -> str:
    """The text of a value. Raises ValueError beyond BIGNUMERIC's range."""
    rounded = value.quantize(UNIT, context=WIDE)
    if abs(rounded) >= LIMIT:
        raise ValueError("bignumeric overflow")
    return f"{rounded:f}"


@engine_function(["DOUBLE"], "VARCHAR")
def bq_big_from_float(value: float) -> str:
    try:
        return big(Decimal(value))
    except InvalidOperation as error:
        raise ValueError(
            f"Illegal conversion of non-finite floating point number to BIGNUMERIC: {value}"
        ) from error


@engine_function(["VARCHAR"], "VARCHAR")
def bq_big_from_text(text: str) -> str:
    try:
        return big(Decimal(text.strip()))
    except InvalidOperation as error:
        raise ValueError(f"Invalid BIGNUMERIC value: {text}") from error


@engine_function(["VARCHAR"], "DECIMAL(38,9)")
def bq_big_to_numeric(value: str) -> Decimal:
    return numeric(Decimal(value), f"numeric out of range: {value}")


@engine_function(["VARCHAR"], "BIGINT")
def bq_big_to_int64(value: str) -> int:
    whole = int(Decimal(value).quantize(Decimal(1), context=WIDE))
    if not -(2**63) <= whole < 2**63:
        raise ValueError(f"int64 out of range: {value}")
    return whole


@engine_function(["VARCHAR"], "VARCHAR")
def bq_big_to_string(value: str) -> str:
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@engine_function(["VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")
def bq_big_compute(sign: str, a: str, b: str) -> str:
    x, y = Decimal(a), Decimal(b)
    if sign == "+":
        return big(WIDE.add(x, y))
    if sign == "-":
        return big(WIDE.subtract(x, y))
    if sign == "*":
        return big(WIDE.multiply(x, y))
    if not y:
        raise ValueError(f"division by zero: {a} / {b}")
    return big(WIDE.divide(x, y))


@engine_function(["VARCHAR", "BIGINT", "VARCHAR"], "VARCHAR")
def bq_big_round(value: str, digits: int, how: str) -> str:
    unit = Decimal(1).scaleb(-min(max(digits, -40), 38))
    rounding = ROUND_HALF_UP if how == "ROUND_HALF_UP" else ROUND_DOWN
    return big(Decimal(value).quantize(unit, rounding=rounding, context=WIDE))


@engine_function(["VARCHAR", "VARCHAR"], "BIGINT")
def bq_big_compare(a: str, b: str) -> int:
    """-1, 0 or 1."""
    x, y = Decimal(a), Decimal(b)
    return (x > y) - (x < y)
