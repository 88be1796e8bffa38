"""Functions of the engine that are written in Python: exact arithmetic, and texts that DuckDB reads or writes otherwise.

Each is pure. A ValueError is the query's error. NULL in any argument gives NULL, and the function is not called.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

NUMERIC_UNIT = Decimal("1e-9")
NUMERIC_LIMIT = Decimal("1e29")
FUNCTION = TypeVar("FUNCTION", bound=Callable[..., Any])
FUNCTIONS: list[tuple[Callable[..., Any], list[str], str]] = []


def engine_function(arguments: list[str], result: str) -> Callable[[FUNCTION], FUNCTION]:
    """Register a function by its name, with DuckDB's types of arguments and result."""

    def register(function: FUNCTION) -> FUNCTION:
        FUNCTIONS.append((function, arguments, result))
        return function

    return register


@engine_function(["VARCHAR"], "VARCHAR")
def bq_fail(message: str) -> str:
    raise ValueError(message)


def numeric(value: Decimal, what: str = "numeric overflow") -> Decimal:
    """Rounded half away from zero to 9 digits; ValueError beyond NUMERIC's range."""
    with localcontext() as context:
        context.prec = 120
        rounded = value.quantize(NUMERIC_UNIT, rounding=ROUND_HALF_UP)
    if rounded.copy_abs() >= NUMERIC_LIMIT:  # abs() would round to the context's precision
        raise ValueError(what)
    return rounded


@engine_function(["DECIMAL(38,9)", "DECIMAL(38,9)"], "DECIMAL(38,9)")
def bq_exact_product(a: Decimal, b: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 120
        return numeric(a * b, f"numeric overflow: {a} * {b}")


@engine_function(["DECIMAL(38,9)", "DECIMAL(38,9)"], "DECIMAL(38,9)")
def bq_exact_quotient(a: Decimal, b: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 120
        return numeric(a / b, f"numeric overflow: {a} / {b}")


@engine_function(["DOUBLE"], "DECIMAL(38,9)")
def bq_float_to_numeric(x: float) -> Decimal:
    if x != x or x in (float("inf"), float("-inf")):
        raise ValueError(f"Illegal conversion of non-finite floating point number to numeric: {x}")
    return numeric(Decimal(x), f"numeric out of range: {x}")


@engine_function(["VARCHAR"], "DECIMAL(38,9)")
def bq_parse_numeric(text: str) -> Decimal:
    """As CAST reads it: sign, digits, point, exponent, blanks around."""
    stripped = text.strip(" \t\n\r\f\v")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", stripped, re.ASCII):
        raise ValueError(f"Invalid NUMERIC value: {text}")
    return numeric(Decimal(stripped), f"Invalid NUMERIC value: {text}")


@engine_function(["DECIMAL(38,9)", "BIGINT", "VARCHAR"], "DECIMAL(38,9)")
def bq_round_numeric(x: Decimal, digits: int, how: str) -> Decimal:
    """ROUND and TRUNC of NUMERIC to a number of digits, which may be negative."""
    with localcontext() as context:
        context.prec = 120
        unit = Decimal(1).scaleb(-min(max(digits, -40), 9))
        return numeric(x.quantize(unit, rounding=how), f"numeric overflow: ROUND({x}, {digits})")


@engine_function(["VARCHAR"], "BIGINT")
def bq_hexadecimal(text: str) -> int:
    """0x1F and the like; everything else that was no decimal number is an error."""
    found = re.fullmatch(r"\s*([+-]?)0[xX]([0-9a-fA-F]+)\s*", text)
    if not found:
        raise ValueError(f"Bad int64 value: {text}")
    value = int(found[2], 16) * (-1 if found[1] == "-" else 1)
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"Bad int64 value: {text}")
    return value


@engine_function(["VARCHAR"], "DOUBLE")
def bq_parse_float(text: str) -> float:
    """As CAST reads it: decimal, hexadecimal, inf and infinity in any case, blanks around; too large is infinite.

    NaN is the macro's: the engine takes one from Python for NULL.
    """
    stripped = text.strip(" \t\n\r\f\v")
    if re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]+(\.[0-9a-fA-F]*)?([pP][+-]?\d+)?", stripped):
        return float.fromhex(stripped)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|(?i:[+-]?(inf|infinity))", stripped, re.ASCII):
        return float(stripped)
    raise ValueError(f"Bad double value: {text}")


@engine_function(["DOUBLE"], "VARCHAR")
def bq_float_to_string(x: float) -> str:
    """The shortest of 15 or 17 digits that reads back as the same number; zero has no sign."""
    if x != x:
        return "nan"
    if x in (float("inf"), float("-inf")):
        return "inf" if x > 0 else "-inf"
    text = f"{x + 0.0:.15g}"
    return text if float(text) == x else f"{x:.17g}"


CIVIL = re.compile(
    r"(?P<date>(?P<y>\d{4,5})-(?P<m>\d{1,2})-(?P<d>\d{1,2}))?"
    r"(?:(?P<sep>^|[Tt ])(?P<H>\d{1,2}):(?P<M>\d{1,2}):(?P<S>\d{1,2})(?:\.(?P<f>\d{0,6}))?)?",
    re.ASCII,
)


def civil(text: str, kind: str) -> tuple[dt.date | None, dt.time | None]:
    """Date and time of a text; ValueError when it is not of the kind."""
    found = CIVIL.fullmatch(text)
    if not found or not text:
        raise ValueError(f"Invalid {kind.lower()}: '{text}'")
    try:
        date = dt.date(int(found["y"]), int(found["m"]), int(found["d"])) if found["date"] else None
        time = None
        if found["H"] is not None:
            time = dt.time(
                int(found["H"]), int(found["M"]), int(found["S"]), int((found["f"] or "0").ljust(6, "0"))
            )
    except ValueError as error:
        raise ValueError(f"Invalid {kind.lower()}: '{text}'") from error
    if (kind == "TIME") != (date is None) or (kind == "TIME" and time is None) or (kind == "DATE" and time):
        raise ValueError(f"Invalid {kind.lower()}: '{text}'")
    return date, time


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_parse_civil(text: str, kind: str) -> str:
    date, time = civil(text, kind)
    if kind == "TIME":
        assert time is not None
        return time.isoformat()
    assert date is not None
    if kind == "DATE":
        return date.isoformat()
    return dt.datetime.combine(date, time or dt.time()).isoformat(sep=" ")


ZONED = re.compile(
    r"(?P<civil>\d{4,5}-\d{1,2}-\d{1,2}(?P<time>[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{0,6})?)?)"
    r"(?P<zone>(?(time)(?:[zZ]|[+-]\d{1,2}(?::?\d{2})?| [A-Za-z][A-Za-z_+\-0-9/]*)| [+-]\d{1,2}(?::?\d{2})?))?",
    re.ASCII,
)


def zone_of(name: str) -> dt.tzinfo:
    """A time zone by name or as an offset; ValueError when there is none."""
    found = re.fullmatch(r"(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?", name)
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 14 or minutes > 59:
            raise ValueError(f"Invalid time zone: {name}")
        offset = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(offset if found[1] == "+" else -offset)
    if name in ("Z", "z", "UTC"):
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"Invalid time zone: {name}") from error


@engine_function(["VARCHAR", "VARCHAR"], "VARCHAR")
def bq_parse_timestamp(text: str, zone: str) -> str:
    """A timestamp as CAST reads it: with a zone of its own, or in the given one."""
    found = ZONED.fullmatch(text)
    if not found:
        raise ValueError(f"Invalid timestamp: '{text}'")
    try:
        date, time = civil(found["civil"], "DATETIME")
    except ValueError as error:
        raise ValueError(f"Invalid timestamp: '{text}'") from error
    assert date is not None
    where = zone_of((found["zone"] or zone).strip())
    return _utc(dt.datetime.combine(date, time or dt.time()), where).isoformat(sep=" ")


def _utc(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    try:
        return moment.replace(tzinfo=zone).astimezone(dt.UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"Invalid timestamp: '{moment}'") from error


@engine_function(["TIMESTAMP", "VARCHAR", "BOOLEAN"], "TIMESTAMP")
def bq_shift(moment: dt.datetime, zone: str, to_utc: bool) -> dt.datetime:
    """Wall clock of a zone to UTC, or back."""
    where = zone_of(zone)
    if to_utc:
        return _utc(moment, where)
    return moment.replace(tzinfo=dt.UTC).astimezone(where).replace(tzinfo=None)


@engine_function(["TIMESTAMP", "VARCHAR"], "VARCHAR")
def bq_offset(moment: dt.datetime, zone: str) -> str:
    """+02, or +05:30 where minutes count."""
    offset = moment.replace(tzinfo=dt.UTC).astimezone(zone_of(zone)).utcoffset()
    assert offset is not None
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02d}" + (f":{minutes % 60:02d}" if minutes % 60 else "")


@engine_function(["BIGINT", "BIGINT", "BIGINT"], "VARCHAR")
def bq_interval_text(months: int, days: int, micros: int) -> str:
    """Y-M D H:M:S, each part with its own sign."""
    sign = "-" if months < 0 else ""
    text = f"{sign}{abs(months) // 12}-{abs(months) % 12} {days} "
    seconds, fraction = divmod(abs(micros), 1_000_000)
    text += f"{'-' if micros < 0 else ''}{seconds // 3600}:{seconds // 60 % 60}:{seconds % 60}"
    if fraction:
        digits = f"{fraction:06d}"
        text += "." + (digits[:3] if digits.endswith("000") else digits)
    return text
