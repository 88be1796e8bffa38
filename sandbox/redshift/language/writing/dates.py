"""Date parts, and the calls that take them.

https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
"""

from __future__ import annotations

from typing import Any

from sandbox.redshift.language.refusal import refused
from sandbox.redshift.language.tree import Literal, Name
from sandbox.redshift.language.types import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    NUMBERS,
    TIMESTAMP,
    UNTOLD,
    Type,
)  # fmt: skip
from sandbox.redshift.language.writing.scopes import Written

PARTS = {
    alias: part
    for part, aliases in {
        "millennium": "millennium millennia mil mils",
        "century": "century centuries c cent cents",
        "decade": "decade decades dec decs",
        "epoch": "epoch",
        "year": "year years y yr yrs",
        "quarter": "quarter quarters qtr qtrs",
        "month": "month months mon mons",
        "week": "week weeks w",
        "dow": "dayofweek dow dw weekday",
        "doy": "dayofyear doy dy yearday",
        "day": "day days d",
        "hour": "hour hours h hr hrs",
        "minute": "minute minutes m min mins",
        "second": "second seconds s sec secs",
        "millisecond": "millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon",
        "microsecond": "microsecond microseconds us usec usecs usecond useconds microsec microsecs microsecond",
        "timezone": "timezone",
        "timezone_hour": "timezone_hour",
        "timezone_minute": "timezone_minute",
    }.items()
    for alias in aliases.split()
}
NOT_ADDED = frozenset(["dow", "doy", "epoch", "timezone", "timezone_hour", "timezone_minute"])
NOT_TRUNCATED = NOT_ADDED


def date_part(node: Any, at: int, function: str) -> str:
    """The part's canonical name. Raises Refused for an unknown one, or one that the function does not take."""
    if isinstance(node, Name) and len(node.parts) == 1:
        written = node.parts[0].lower()
    elif isinstance(node, Literal) and node.kind == "text":
        written = node.value.lower()
    else:
        raise refused(
            f"{function} needs a date part first", at, "r_Dateparts_for_datetime_functions.html", "42601"
        )
    part = PARTS.get(written)
    if part is None or (function in ("dateadd", "datediff", "date_trunc") and part in NOT_ADDED):
        raise refused(
            f'{function}: "{written}" is not a date part of it',
            at,
            "r_Dateparts_for_datetime_functions.html",
            "22023",
        )
    return part


def moment(value: Written) -> Written:
    """An argument that must be a date or a moment: a literal is a TIMESTAMP."""
    if value.type.name in ("unknown", "null"):
        return Written(f"cast({value.sql} as timestamp)", TIMESTAMP, True)
    return value


def dateadd(part: str, amount: Written, when: Written) -> Written:
    """r_DATEADD_function: the last day of a month stays inside it, and a year is added to 29 February as 1 March."""
    when = moment(when)
    count = amount.sql
    if (
        amount.type.name in NUMBERS and amount.type.name not in ("integer", "smallint", "bigint")
    ) or amount.type.name == "varchar":
        count = f"cast({count} as bigint)"
    kept = when.type.name in ("time", "timetz", "timestamptz")
    result = when.type if kept else TIMESTAMP
    return Written(f"redshift.dateadd('{part}', {count}, {when.sql})", result, True)


def datediff(part: str, first: Written, second: Written) -> Written:
    """r_DATEDIFF_function: how many boundaries of the part lie between the two."""
    start, end = moment(first), moment(second)
    return Written(f"redshift.datediff('{part}', {start.sql}, {end.sql})", BIGINT, True)


def date_trunc(part: str, when: Written) -> Written:
    """r_DATE_TRUNC: a TIMESTAMP, for a DATE too."""
    when = moment(when)
    if when.type.name == "date":
        return Written(f"pg_catalog.date_trunc('{part}', cast({when.sql} as timestamp))", TIMESTAMP, True)
    if when.type.name in ("timestamp", "timestamptz"):
        return Written(f"pg_catalog.date_trunc('{part}', {when.sql})", when.type, True)
    return Written(
        f"redshift.date_trunc('{part}', {when.sql})",
        when.type if when.type.name == "interval" else TIMESTAMP,
        True,
    )


def extract(part: str, when: Written) -> Written:
    """r_EXTRACT_function: INTEGER, and DOUBLE PRECISION from a TIMESTAMPTZ; no fraction of a second in SECOND."""
    when = moment(when)
    if when.type.name == "timestamptz":
        return Written(f"redshift.date_part('{part}', {when.sql})", DOUBLE, True)
    if part == "epoch":
        return Written(f"cast(trunc(redshift.date_part('{part}', {when.sql})) as bigint)", BIGINT, True)
    return Written(f"cast(trunc(redshift.date_part('{part}', {when.sql})) as integer)", INTEGER, True)


def part_of(part: str, when: Written) -> Written:
    """r_DATE_PART_function: DOUBLE."""
    return Written(f"redshift.date_part('{part}', {moment(when).sql})", DOUBLE, True)


def trunc_of_moment(when: Written) -> Written:
    """r_TRUNC_date: the date of a timestamp."""
    return Written(f"cast({when.sql} as pg_catalog.date)", DATE, True)


def of_sum(operator: str, left: Written, right: Written) -> Type | None:
    """The type of a sum or difference with a moment in it; None where there is none."""
    first, second = left.type.name, right.type.name
    if first == "date" and second in ("smallint", "integer", "bigint"):
        return DATE
    if operator == "+" and second == "date" and first in ("smallint", "integer", "bigint"):
        return DATE
    if operator == "-" and first == second == "date":
        return INTEGER
    moments = {"date", "timestamp", "timestamptz"}
    if first in moments and second == "interval":
        return TIMESTAMP if first == "date" else left.type
    if operator == "+" and first == "interval" and second in moments:
        return TIMESTAMP if second == "date" else right.type
    if operator == "-" and first in moments and second in moments:
        return Type("interval")
    if first == second == "interval":
        return Type("interval")
    if first in ("time", "timetz") and second == "interval":
        return left.type
    if first in moments or second in moments or "interval" in (first, second):
        return Type("opaque") if first in UNTOLD or second in UNTOLD or "unknown" in (first, second) else None
    return None
