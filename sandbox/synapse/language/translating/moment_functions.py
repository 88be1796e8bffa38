"""Date and time functions. DATEFIRST is 7 (us_english): weeks begin on Sunday.

https://learn.microsoft.com/sql/t-sql/functions/date-and-time-data-types-and-functions-transact-sql
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.nodes import DatePartName
from sandbox.synapse.language.translating import time_zones
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.registry import Invocation, function
from sandbox.synapse.language.translating.values import Typed, once, once_each
from sandbox.synapse.types import BIGINT, DATE, DATETIME, INT, SqlType, datetime2, nvarchar

PARTS = {
    "year": "year yy yyyy", "quarter": "quarter qq q", "month": "month mm m", "dayofyear": "dayofyear dy y",
    "day": "day dd d", "week": "week wk ww", "weekday": "weekday dw w", "hour": "hour hh", "minute": "minute mi n",
    "second": "second ss s", "millisecond": "millisecond ms", "microsecond": "microsecond mcs",
    "nanosecond": "nanosecond ns", "tzoffset": "tzoffset tz", "iso_week": "iso_week isowk isoww",
}  # fmt: skip
SPELLINGS = {word: part for part, words in PARTS.items() for word in words.split()}
OF_TIME = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
NOW = "CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)"


def part_of(call: Invocation) -> str:
    node = call.call.arguments[0]
    assert isinstance(node, DatePartName)
    part = SPELLINGS.get(node.word.lower())
    if part is None:
        raise SqlError(
            155, f"'{node.word}' is not a recognized {call.call.name.lower()} option.", call.line, 15
        )
    return part


def moment(call: Invocation, index: int, *, text_as: SqlType) -> Typed:
    """An argument as a date or time; text is converted, a number is a datetime."""
    value = call.arguments[index]
    if value.null:
        return Typed("CAST(NULL AS TIMESTAMP)", DATETIME, True)
    if value.type.name == "datetimeoffset":
        if call.call.name in ("DATEDIFF", "DATEDIFF_BIG"):
            raise unsupported("DATEDIFF of a datetimeoffset", call.line)
        return time_zones.local(value)
    if value.type.is_text:
        return convert(value, text_as, call.context, call.line)
    if value.type.is_number:
        return convert(value, DATETIME, call.context, call.line)
    if not value.type.is_moment:
        raise SqlError(
            8116,
            f"Argument data type {value.type.name} is invalid for argument {index + 2} of {call.call.name.lower()} function.",
            call.line,
        )
    return value


def _check_part(call: Invocation, part: str, value: Typed) -> None:
    if (
        (value.type.name == "date" and part in OF_TIME)
        or (value.type.name == "time" and part not in OF_TIME)
        or part == "tzoffset"
    ):
        word = call.call.arguments[0]
        assert isinstance(word, DatePartName)
        raise SqlError(
            9810,
            f"The datepart {word.word} is not supported by date function {call.call.name.lower()} for data type {value.type.name}.",
            call.line,
        )


ADDED = {
    "year": "to_years(CAST({n} AS INTEGER))", "quarter": "to_months(CAST(3 * {n} AS INTEGER))",
    "month": "to_months(CAST({n} AS INTEGER))", "day": "to_days(CAST({n} AS INTEGER))",
    "dayofyear": "to_days(CAST({n} AS INTEGER))", "weekday": "to_days(CAST({n} AS INTEGER))",
    "week": "to_days(CAST(7 * {n} AS INTEGER))", "hour": "to_hours(CAST({n} AS BIGINT))",
    "minute": "to_minutes(CAST({n} AS BIGINT))", "second": "to_microseconds(CAST({n} AS BIGINT) * 1000000)",
    "millisecond": "to_microseconds(CAST({n} AS BIGINT) * 1000)", "microsecond": "to_microseconds(CAST({n} AS BIGINT))",
    "nanosecond": "to_microseconds(CAST({n} AS BIGINT) // 1000)",
}  # fmt: skip


@function("DATEADD", 3)
def dateadd(call: Invocation) -> Typed:
    """The type of the date; text gives datetime. A month's last day stays within the month."""
    part = part_of(call)
    if call.arguments[1].type.name == "datetimeoffset":
        return _dateadd_offset(call)
    value = moment(call, 1, text_as=DATETIME)
    if part == "iso_week":
        raise SqlError(
            9810,
            f"The datepart iso_week is not supported by date function dateadd for data type {value.type.name}.",
            call.line,
        )
    _check_part(call, part, value)
    number = (
        convert(call.arguments[0], INT, call.context, call.line).sql
        if not (call.arguments[0].type.is_integer and call.arguments[0].type.name != "bit")
        else call.sql(0)
    )
    added = ADDED[part].format(n=number)
    nullable = call.nullable
    if value.type.name == "time":
        return Typed(f"CAST(DATE '1900-01-01' + {value.sql} + {added} AS TIME)", value.type, nullable)
    sql = (
        f"CAST({value.sql} AS TIMESTAMP) + {added}" if value.type.name == "date" else f"{value.sql} + {added}"
    )
    sql = once(f"({sql})", lambda v: f"ts_in_range({v})")
    if value.type.name == "date":
        return Typed(f"CAST({sql} AS DATE)", value.type, nullable)
    if value.type.name == "datetime" and part in ("millisecond", "microsecond", "nanosecond"):
        sql = once(sql, lambda v: f"ts_datetime({v})")
    if value.type.name == "smalldatetime" and part in ("second", "millisecond", "microsecond", "nanosecond"):
        sql = once(sql, lambda v: f"ts_round_moment({v}, 60000000)")
    return Typed(sql, value.type, nullable)


def _dateadd_offset(call: Invocation) -> Typed:
    """In local time; the offset stays."""
    given = call.arguments[1]
    shown = replace(call, arguments=[call.arguments[0], time_zones.local(given)])
    return Typed(
        time_zones.with_offset(dateadd(shown).sql, f"({given.sql}).minutes"), given.type, call.nullable
    )


def _as_timestamp(value: Typed) -> str:
    if value.type.name == "time":
        return f"(DATE '1900-01-01' + {value.sql})"
    return f"CAST({value.sql} AS TIMESTAMP)" if value.type.name == "date" else value.sql


def _difference(call: Invocation) -> tuple[str, bool]:
    """Boundaries crossed from the first to the second; weeks begin on Sunday whatever DATEFIRST is."""
    part = part_of(call)
    first, second = (moment(call, i, text_as=datetime2(7)) for i in (0, 1))
    if part == "iso_week":
        part = "week"
    if part == "tzoffset":
        raise SqlError(9806, "The datepart tzoffset is not supported by date function datediff.", call.line)
    a, b = _as_timestamp(first), _as_timestamp(second)
    if part == "week":
        sql = once_each([a, b], lambda v: f"(ts_week_number({v[1]}) - ts_week_number({v[0]}))")
    elif part == "nanosecond":
        sql = f"(date_diff('microsecond', {a}, {b}) * 1000)"
    else:
        word = {"dayofyear": "day", "weekday": "day"}.get(part, part)
        sql = f"date_diff('{word}', {a}, {b})"
    return sql, first.nullable or second.nullable


@function("DATEDIFF", 3)
def datediff(call: Invocation) -> Typed:
    sql, nullable = _difference(call)
    if part_of(call) in ("second", "millisecond", "microsecond", "nanosecond"):
        return Typed(once(sql, lambda v: f"ts_checked_difference({v})"), INT, nullable)
    return Typed(f"CAST({sql} AS INTEGER)", INT, nullable)


@function("DATEDIFF_BIG", 3)
def datediff_big(call: Invocation) -> Typed:
    sql, nullable = _difference(call)
    return Typed(f"CAST({sql} AS BIGINT)", BIGINT, nullable)


def _part_sql(call: Invocation, part: str, value: Typed) -> str:
    v = _as_timestamp(value)
    if part == "week":
        return once(v, lambda x: f"ts_week_of_year({x})")
    if part == "weekday":
        return f"(dayofweek({v}) + 1)"
    if part == "iso_week":
        return f"weekofyear({v})"
    if part == "millisecond":
        return f"(date_part('microseconds', {v}) % 1000000 // 1000)"
    if part == "microsecond":
        return f"(date_part('microseconds', {v}) % 1000000)"
    if part == "nanosecond":
        return f"(date_part('microseconds', {v}) % 1000000 * 1000)"
    word = "doy" if part == "dayofyear" else part
    return f"date_part('{word}', {v})"


@function("DATEPART", 2)
def datepart(call: Invocation) -> Typed:
    part = part_of(call)
    if part == "tzoffset" and call.arguments[0].type.name == "datetimeoffset":
        return Typed(f"CAST(({call.sql(0)}).minutes AS INTEGER)", INT, call.nullable)
    value = moment(call, 0, text_as=datetime2(7))
    _check_part(call, part, value)
    return Typed(f"CAST({_part_sql(call, part, value)} AS INTEGER)", INT, value.nullable)


@function("DATENAME", 2)
def datename(call: Invocation) -> Typed:
    part = part_of(call)
    value = moment(call, 0, text_as=datetime2(7))
    _check_part(call, part, value)
    kind = nvarchar(30)
    if part == "month":
        return Typed(f"monthname({_as_timestamp(value)})", kind, value.nullable, trimmed=True)
    if part == "weekday":
        return Typed(f"dayname({_as_timestamp(value)})", kind, value.nullable, trimmed=True)
    return Typed(f"CAST({_part_sql(call, part, value)} AS VARCHAR)", kind, value.nullable, trimmed=True)


def _single(call: Invocation, word: str) -> Typed:
    value = moment(call, 0, text_as=datetime2(7))
    if value.type.name == "time":
        raise SqlError(
            9810,
            f"The datepart {word} is not supported by date function {word} for data type time.",
            call.line,
        )
    return Typed(f"CAST({word}({value.sql}) AS INTEGER)", INT, value.nullable)


@function("YEAR", 1)
def year(call: Invocation) -> Typed:
    return _single(call, "year")


@function("MONTH", 1)
def month(call: Invocation) -> Typed:
    return _single(call, "month")


@function("DAY", 1)
def day(call: Invocation) -> Typed:
    return _single(call, "day")


@function("EOMONTH", 1, 2)
def eomonth(call: Invocation) -> Typed:
    value = moment(call, 0, text_as=DATE)
    date = f"CAST({value.sql} AS DATE)"
    if len(call.arguments) > 1:
        date = f"CAST({date} + to_months(CAST({call.integer(1)} AS INTEGER)) AS DATE)"
    return Typed(f"last_day({date})", DATE, call.nullable)


@function("DATEFROMPARTS", 3)
def datefromparts(call: Invocation) -> Typed:
    return Typed(
        once_each([call.integer(i) for i in range(3)], lambda v: f"ts_date({v[0]}, {v[1]}, {v[2]})"),
        DATE,
        call.nullable,
    )


def _from_parts(call: Invocation, kind: SqlType, fraction_unit: str) -> Typed:
    values = [call.integer(i) for i in range(7)]

    def write(v: list[str]) -> str:
        fail = f"ts_fail(289, 'Cannot construct data type {kind.name}, some of the arguments have values which are not valid.')"
        nulls = " OR ".join(f"{x} IS NULL" for x in v)
        stamp = f"TRY_CAST(printf('%04d-%02d-%02d %02d:%02d:%02d', {', '.join(v[:6])}) AS TIMESTAMP) + to_microseconds(CAST({v[6]} * {fraction_unit} AS BIGINT))"
        return f"CASE WHEN {nulls} THEN NULL WHEN {v[3]} > 23 OR {v[6]} < 0 OR {v[6]} * {fraction_unit} >= 1000000 THEN {fail} ELSE coalesce({stamp}, {fail}) END"

    return Typed(once_each(values, write), kind, call.nullable)


@function("DATETIMEFROMPARTS", 7)
def datetimefromparts(call: Invocation) -> Typed:
    found = _from_parts(call, DATETIME, "1000")
    return Typed(once(found.sql, lambda v: f"ts_datetime({v})"), DATETIME, found.nullable)


@function("DATETIME2FROMPARTS", 8)
def datetime2fromparts(call: Invocation) -> Typed:
    precision = call.arguments[7].constant
    if not isinstance(precision, int) or not 0 <= precision <= 7:
        raise SqlError(
            10760,
            "Scale argument is not valid. Valid expressions for data type datetime2 scale argument are integer constants and integer constant expressions.",
            call.line,
        )
    if precision == 7:
        raise unsupported("DATETIME2FROMPARTS with a precision of 7", call.line)
    return _from_parts(call, datetime2(precision), str(10 ** (6 - precision)))


@function("SMALLDATETIMEFROMPARTS", 5)
def smalldatetimefromparts(call: Invocation) -> Typed:
    values = [call.integer(i) for i in range(5)]
    fail = "ts_fail(289, 'Cannot construct data type smalldatetime, some of the arguments have values which are not valid.')"
    sql = once_each(
        values,
        lambda v: (
            f"CASE WHEN {' OR '.join(x + ' IS NULL' for x in v)} THEN NULL ELSE coalesce(TRY_CAST(printf('%04d-%02d-%02d %02d:%02d:00', {', '.join(v)}) AS TIMESTAMP), {fail}) END"
        ),
    )
    return Typed(sql, SqlType("smalldatetime"), call.nullable)


@function("TIMEFROMPARTS", 5)
def timefromparts(call: Invocation) -> Typed:
    precision = call.arguments[4].constant
    if not isinstance(precision, int) or not 0 <= precision <= 6:
        raise unsupported("TIMEFROMPARTS with a precision that is 7 or no constant", call.line)
    values = [call.integer(i) for i in range(4)]
    fail = "ts_fail(289, 'Cannot construct data type time, some of the arguments have values which are not valid.')"
    unit = 10 ** (6 - precision)
    sql = once_each(
        values,
        lambda v: (
            f"CASE WHEN {' OR '.join(x + ' IS NULL' for x in v)} THEN NULL WHEN {v[0]} NOT BETWEEN 0 AND 23 OR {v[1]} NOT BETWEEN 0 AND 59 OR {v[2]} NOT BETWEEN 0 AND 59 OR {v[3]} < 0 OR {v[3]} * {unit} >= 1000000 THEN {fail} ELSE CAST(TIMESTAMP '1900-01-01' + to_microseconds(CAST((({v[0]} * 60 + {v[1]}) * 60 + {v[2]}) AS BIGINT) * 1000000 + {v[3]} * {unit}) AS TIME) END"
        ),
    )
    return Typed(sql, SqlType("time", None, None, precision), call.nullable)


@function("ISDATE", 1)
def isdate(call: Invocation) -> Typed:
    value = call.arguments[0]
    if value.type.name in ("datetime", "smalldatetime"):
        return Typed("1", INT, False)
    if not value.type.is_text:
        raise SqlError(
            8116,
            f"Argument data type {value.type.name} is invalid for argument 1 of isdate function.",
            call.line,
        )
    attempt = convert(value, DATETIME, call.context, call.line, implicit=False, attempt=True)
    return Typed(
        once(
            value.sql,
            lambda v: (
                f"CASE WHEN {v} IS NULL OR trim({v}) = '' THEN 0 WHEN {attempt.sql} IS NULL THEN 0 ELSE 1 END"
            ),
        ),
        INT,
        False,
    )


# ---------- the clock (UTC, as in Azure)


@function("GETDATE GETUTCDATE CURRENT_TIMESTAMP", 0)
def getdate(call: Invocation) -> Typed:
    return Typed(once(NOW, lambda v: f"ts_datetime({v})"), DATETIME, False)


@function("SYSDATETIME SYSUTCDATETIME", 0)
def sysdatetime(call: Invocation) -> Typed:
    return Typed(NOW, datetime2(7), False)


@function("SYSDATETIMEOFFSET", 0)
def sysdatetimeoffset(call: Invocation) -> Typed:
    return Typed(time_zones.pack(NOW, "0"), time_zones.offset_type(7), False)


def _minutes(call: Invocation) -> str:
    """The second argument of TODATETIMEOFFSET and SWITCHOFFSET: +hh:mm, or minutes."""
    if not call.arguments[1].type.is_text:
        return call.integer(1)
    wrong = f"ts_fail(9812, 'The timezone provided to builtin function {call.call.name.lower()} is invalid.')"
    return once(
        call.sql(1), lambda v: f"CASE WHEN {v} IS NOT NULL THEN coalesce(ts_offset_minutes({v}), {wrong}) END"
    )


@function("TODATETIMEOFFSET", 2)
def todatetimeoffset(call: Invocation) -> Typed:
    value = moment(call, 0, text_as=datetime2(7))
    return Typed(
        time_zones.with_offset(_as_timestamp(value), _minutes(call)),
        time_zones.offset_type(time_zones.scale_of(value.type)),
        call.nullable,
    )


@function("SWITCHOFFSET", 2)
def switchoffset(call: Invocation) -> Typed:
    value = (
        convert(call.arguments[0], time_zones.offset_type(7), call.context, call.line)
        if call.arguments[0].type.name != "datetimeoffset"
        else call.arguments[0]
    )
    sql = once_each(
        [value.sql, _minutes(call)],
        lambda v: (
            f"CASE WHEN {v[0]} IS NOT NULL AND {v[1]} IS NOT NULL THEN {time_zones.pack(v[0] + '.utc', v[1])} END"
        ),
    )
    return Typed(sql, value.type, call.nullable)
