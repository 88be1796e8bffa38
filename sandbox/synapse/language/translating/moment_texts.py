"""Dates and times as text: CONVERT's styles.

https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql#date-and-time-styles
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.types import SqlType

DAY = "lpad(CAST(day({v}) AS VARCHAR), 2, ' ')"
HOUR12 = "lpad(CAST((hour({v}) + 11) % 12 + 1 AS VARCHAR), 2, ' ')"

# style: the date's DuckDB text; None: the style has no date.
DATES = {
    0: "strftime({v}, '%b ') || " + DAY + " || strftime({v}, ' %Y')",
    1: "strftime({v}, '%m/%d/%y')",
    2: "strftime({v}, '%y.%m.%d')",
    3: "strftime({v}, '%d/%m/%y')",
    4: "strftime({v}, '%d.%m.%y')",
    5: "strftime({v}, '%d-%m-%y')",
    6: "strftime({v}, '%d %b %y')",
    7: "strftime({v}, '%b %d, %y')",
    8: None,
    9: "strftime({v}, '%b ') || " + DAY + " || strftime({v}, ' %Y')",
    10: "strftime({v}, '%m-%d-%y')",
    11: "strftime({v}, '%y/%m/%d')",
    12: "strftime({v}, '%y%m%d')",
    13: "strftime({v}, '%d %b %Y')",
    14: None,
    20: "strftime({v}, '%Y-%m-%d')",
    21: "strftime({v}, '%Y-%m-%d')",
    22: "strftime({v}, '%m/%d/%y')",
    23: "strftime({v}, '%Y-%m-%d')",
    24: None,
    25: "strftime({v}, '%Y-%m-%d')",
    101: "strftime({v}, '%m/%d/%Y')",
    102: "strftime({v}, '%Y.%m.%d')",
    103: "strftime({v}, '%d/%m/%Y')",
    104: "strftime({v}, '%d.%m.%Y')",
    105: "strftime({v}, '%d-%m-%Y')",
    106: "strftime({v}, '%d %b %Y')",
    107: "strftime({v}, '%b %d, %Y')",
    110: "strftime({v}, '%m-%d-%Y')",
    111: "strftime({v}, '%Y/%m/%d')",
    112: "strftime({v}, '%Y%m%d')",
    126: "strftime({v}, '%Y-%m-%d')",
    127: "strftime({v}, '%Y-%m-%d')",
}
SAME = {100: 0, 108: 8, 109: 9, 113: 13, 114: 14, 120: 20, 121: 21}

# style: the time's DuckDB text ({f}: the fraction with its point); styles that are missing show no time.
TIMES = {
    0: HOUR12 + " || strftime({v}, ':%M%p')",
    8: "strftime({v}, '%H:%M:%S')",
    9: HOUR12 + " || strftime({v}, ':%M:%S') || {c} || strftime({v}, '%p')",
    13: "strftime({v}, '%H:%M:%S') || {c}",
    14: "strftime({v}, '%H:%M:%S') || {c}",
    20: "strftime({v}, '%H:%M:%S')",
    21: "strftime({v}, '%H:%M:%S') || {f}",
    22: HOUR12 + " || strftime({v}, ':%M:%S %p')",
    24: "strftime({v}, '%H:%M:%S')",
    25: "strftime({v}, '%H:%M:%S') || {f}",
    126: "strftime({v}, '%H:%M:%S') || {i}",
    127: "strftime({v}, '%H:%M:%S') || {i}",
}


def text_of(v: str, kind: SqlType, style: int | None, line: int) -> str:
    """DuckDB's text of the moment `v`. style None: CAST's, which is 0 for datetime and 121 for the newer types.

    Raises SqlError 281 for a style that the type does not have.
    """
    number = style if style is not None else (0 if kind.name in ("datetime", "smalldatetime") else 21)
    if style == 0 and kind.name in ("datetime2",):
        number = 0
    number = SAME.get(number, number)
    if number in (130, 131):
        raise unsupported(f"CONVERT's style {number}", line)
    if number not in DATES:
        raise SqlError(
            281,
            f"{style} is not a valid style number when converting from {kind.name} to a character string.",
            line,
        )
    date, time = DATES[number], TIMES.get(number)
    if kind.name == "date":
        if date is None:
            raise SqlError(
                281,
                f"{style} is not a valid style number when converting from date to a character string.",
                line,
            )
        return "(" + date.format(v=v) + ")"
    moment = f"(DATE '1900-01-01' + {v})" if kind.name == "time" else v
    if kind.name == "time":
        if time is None:
            raise SqlError(
                281,
                f"{style} is not a valid style number when converting from time to a character string.",
                line,
            )
        return "(" + _filled(time, moment, kind) + ")"
    parts = [
        part
        for part in (date.format(v=moment) if date else None, _filled(time, moment, kind) if time else None)
        if part
    ]
    joint = " || 'T' || " if number in (126, 127) else " || ' ' || "
    return "(" + joint.join(parts) + ")"


def shows_time(style: int | None) -> bool:
    """Whether a style (None: CAST's) has a time."""
    return style is None or SAME.get(style, style) in TIMES


def _filled(time: str, v: str, kind: SqlType) -> str:
    """The fraction has as many digits as the type; datetime has three, and no fraction in ISO 8601 if it is zero."""
    if kind.name == "smalldatetime":
        plain, colon, iso = "''" if "{i}" in time else "'.000'", "':000'", "''"
    elif kind.name == "datetime":
        plain, colon = f"strftime({v}, '.%g')", f"strftime({v}, ':%g')"
        iso = f"CASE WHEN date_part('microseconds', {v}) % 1000000 = 0 THEN '' ELSE {plain} END"
    else:
        digits = 7 if kind.scale is None else kind.scale
        if digits == 0:
            plain = colon = iso = "''"
        else:
            fraction = f"rpad(left(strftime({v}, '%f'), {digits}), {digits}, '0')"
            plain, colon = f"'.' || {fraction}", f"'.' || {fraction}"
            iso = plain
    return time.replace("{v}", v).replace("{f}", plain).replace("{c}", colon).replace("{i}", iso)
