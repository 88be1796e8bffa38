"""Products and quotients of decimals that pass 38 digits on the way: exact, in Python's integers.

A quotient is cut off at its scale, a product whose scale was reduced is rounded half away from zero
(https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql).
"""

from __future__ import annotations

from decimal import Decimal

OVERFLOW = "#8115|Arithmetic overflow error converting numeric to data type numeric."


def product(a: str, b: str, scale: int) -> str:
    """a times b, rounded to `scale` digits, as text."""
    (left, left_scale), (right, right_scale) = _unscaled(a), _unscaled(b)
    value, excess = left * right, left_scale + right_scale - scale
    if excess > 0:
        unit = 10**excess
        value = (abs(value) + unit // 2) // unit * (1 if value >= 0 else -1)
    else:
        value *= 10**-excess
    return _text(value, scale)


def quotient(a: str, b: str, scale: int) -> str:
    """a by b, cut off at `scale` digits, as text."""
    (left, left_scale), (right, right_scale) = _unscaled(a), _unscaled(b)
    if right == 0:
        raise ValueError("#8134|Divide by zero error encountered.")
    shift = scale - left_scale + right_scale
    numerator, denominator = abs(left), abs(right)
    if shift >= 0:
        numerator *= 10**shift
    else:
        denominator *= 10**-shift
    value = numerator // denominator
    return _text(value if (left >= 0) == (right > 0) else -value, scale)


def _unscaled(text: str) -> tuple[int, int]:
    whole, _, fraction = text.partition(".")
    return int(whole + fraction), len(fraction)


def _text(value: int, scale: int) -> str:
    digits = str(abs(value)).rjust(scale + 1, "0")
    if len(digits) > 38 and abs(value) >= 10**38:
        raise ValueError(OVERFLOW)
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


def format_number(text: str, pattern: str) -> str:
    """FORMAT of a number: N, F, D, P, C with digits, and custom patterns of 0, #, comma and point (culture en-US)."""
    value = Decimal(text)
    head, digits = pattern[:1].upper(), pattern[1:]
    if head in "NFPCD" and (digits == "" or digits.isdigit()) and pattern:
        return _standard(value, head, digits)
    if pattern and set(pattern) <= set("0#,.%"):
        return _custom(value, pattern)
    raise ValueError(f"#49999|not supported by the stand-in: FORMAT with the pattern '{pattern}'.")


def _rounded(value: Decimal, places: int) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    return value.quantize(unit, rounding="ROUND_HALF_UP")


def _standard(value: Decimal, head: str, digits: str) -> str:
    places = int(digits) if digits else 2
    if head == "D":
        whole = int(value)
        return ("-" if whole < 0 else "") + str(abs(whole)).rjust(int(digits or 1), "0")
    if head == "F":
        return f"{_rounded(value, places):f}"
    if head == "N":
        return f"{_rounded(value, places):,f}"
    if head == "P":
        return f"{_rounded(value * 100, places):,f}%"
    amount = _rounded(abs(value), places)
    return f"(${amount:,f})" if value < 0 else f"${amount:,f}"


def _custom(value: Decimal, pattern: str) -> str:
    percent = pattern.count("%")
    value *= Decimal(100) ** percent
    body = pattern.replace("%", "")
    whole_pattern, _, fraction_pattern = body.partition(".")
    places = len(fraction_pattern)
    rounded = _rounded(abs(value), places)
    whole, _, fraction = f"{rounded:f}".partition(".")
    least = whole_pattern.count("0")
    whole = ("" if int(whole) == 0 else whole.lstrip("0")).rjust(least, "0")
    if "," in whole_pattern and whole:
        whole = f"{int(whole):,}" if len(whole) == len(str(int(whole))) else whole
    needed = len(fraction_pattern.rstrip("#"))
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    sign = "-" if value < 0 and rounded != 0 else ""
    return sign + whole + (f".{fraction}" if fraction else "") + "%" * percent
