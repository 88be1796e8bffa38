"""DATE, DATETIME, TIMESTAMP and TIME: parts, boundaries, weeks and formats.

A difference of DATEs and DATETIMEs counts boundaries, one of TIMESTAMPs whole units.
https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions
"""

from __future__ import annotations

from zetasql.wasi._pb2.zetasql.public.functions import datetime_pb2

from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.translate import values
from sandbox.bigquery.translate.casts import UTC, cast
from sandbox.bigquery.translate.registry import Call, scalar
from sandbox.bigquery.types import DATE, DATETIME, TIMESTAMP

MICROS = {
    "DAY": 86_400_000_000,
    "HOUR": 3_600_000_000,
    "MINUTE": 60_000_000,
    "SECOND": 1_000_000,
    "MILLISECOND": 1000,
    "MICROSECOND": 1,
}
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
DAYS = {"DAY": 1, "WEEK": 7}
WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")


def part_of(call: Call, at: int) -> str:
    """The name of a date part argument, such as MONTH or WEEK_MONDAY."""
    number = call.values[at]
    name: str = datetime_pb2.DateTimestampPart.Name(number)
    return name


def first_weekday(part: str) -> int | None:
    """0 for Sunday to 6, when a part is a kind of week."""
    if part == "WEEK":
        return 0
    if part == "ISOWEEK":
        return 1
    return WEEKDAYS.index(part.removeprefix("WEEK_")) if part.startswith("WEEK_") else None


# ---------- adding


def plus_days(date: str, days: str, sign: str = "+") -> str:
    return f"CAST(bq_in_range({date} {sign} to_days(CAST({days} AS INTEGER)), 'Date') AS DATE)"


def interval(amount: str, part: str) -> str:
    """An interval of DuckDB of one part."""
    if part in MONTHS:
        return f"to_months(CAST({amount} * {MONTHS[part]} AS INTEGER))"
    if part in DAYS:
        return f"to_days(CAST({amount} * {DAYS[part]} AS INTEGER))"
    if part in MICROS:
        return f"to_microseconds({amount} * {MICROS[part]})"
    raise InvalidQuery(f"Unsupported date part {part}")


@scalar("$interval")
def interval_of(call: Call) -> str:
    return interval(call[0], part_of(call, 1))


@scalar(
    "date_add",
    "date_sub",
    "datetime_add",
    "datetime_sub",
    "timestamp_add",
    "timestamp_sub",
    "time_add",
    "time_sub",
)
def add(call: Call) -> str:
    """Months keep the day of the month where the month has it, else take its last day."""
    if len(call) != 3:
        raise Unsupported(f"{call.name.upper()} with an INTERVAL that is a value")
    sign = "+" if call.name.endswith("_add") else "-"
    part, type_ = part_of(call, 2), call.type
    if type_.kind == "TIME":
        micros = f"((epoch_us(DATE '1970-01-01' + {call[0]}) {sign} {call[1]} * {MICROS[part]}) % 86400000000 + 86400000000) % 86400000000"
        return f"CAST(make_timestamp({micros}) AS TIME)"
    moved = f"{call[0]} {sign} {interval(call[1], part)}"
    checked = f"bq_in_range({moved}, '{type_.kind.capitalize()}')"
    return f"CAST({checked} AS DATE)" if type_ == DATE else checked


def plus_interval(call: Call, sign: str) -> str:
    """Date or moment plus interval: a DATE gives a DATETIME."""
    first, second = (0, 1) if call.types[1].kind == "INTERVAL" else (1, 0)
    if call.types[first].kind not in ("DATE", "DATETIME", "TIMESTAMP"):
        raise Unsupported(f"{call.types[0]} {sign} {call.types[1]}")
    return f"bq_in_range(CAST({call[first]} {sign} {call[second]} AS TIMESTAMP), '{call.type.kind.capitalize()}')"


# ---------- differences


def _months(moment: str, size: int) -> str:
    months = f"(year({moment}) * 12 + month({moment}) - 1)"
    return f"({months} // {size})" if size > 1 else months


def day_difference(a: str, b: str, part: str) -> str:
    """Boundaries of days, weeks, months, quarters and years between two dates, b to a."""
    first = first_weekday(part)
    if part == "DAY":
        return f"CAST(CAST({a} AS DATE) - CAST({b} AS DATE) AS BIGINT)"
    if first is not None:
        return f"CAST((bq_week_start({a}, {first}) - bq_week_start({b}, {first})) // 7 AS BIGINT)"
    if part in MONTHS:
        return f"CAST({_months(a, MONTHS[part])} - {_months(b, MONTHS[part])} AS BIGINT)"
    if part == "ISOYEAR":
        return f"CAST(isoyear({a}) - isoyear({b}) AS BIGINT)"
    raise InvalidQuery(f"Unsupported date part {part}")


@scalar("date_diff", "datetime_diff")
def difference(call: Call) -> str:
    part = part_of(call, 2)
    if part in MICROS and part != "DAY":
        a, b = (f"epoch_us({x})" for x in call.arguments[:2])
        return f"({_floor(a, MICROS[part])} - {_floor(b, MICROS[part])})"
    return day_difference(call[0], call[1], part)


def _floor(micros: str, unit: int) -> str:
    return f"bq_floor_div({micros}, {unit})"


@scalar("timestamp_diff")
def timestamp_difference(call: Call) -> str:
    """Whole units that have passed, rounded towards zero."""
    part = part_of(call, 2)
    if part not in MICROS:
        return day_difference(call[0], call[1], part)
    return f"((epoch_us({call[0]}) - epoch_us({call[1]})) // {MICROS[part]})"


@scalar("time_diff")
def time_difference(call: Call) -> str:
    unit = MICROS[part_of(call, 2)]
    a, b = (f"epoch_us(DATE '1970-01-01' + {x})" for x in call.arguments[:2])
    return f"({a} // {unit} - {b} // {unit})"


# ---------- truncating


def truncated_date(date: str, part: str) -> str:
    first = first_weekday(part)
    if part == "DAY":
        return f"CAST({date} AS DATE)"
    if first is not None:
        return f"CAST(bq_in_range(bq_week_start({date}, {first}), 'Date') AS DATE)"
    if part in MONTHS:
        return f"CAST(date_trunc('{part.lower()}', {date}) AS DATE)"
    if part == "ISOYEAR":
        return f"bq_isoyear_start(isoyear({date}))"
    raise InvalidQuery(f"Unsupported date part {part}")


@scalar("date_trunc", "datetime_trunc", "timestamp_trunc")
def truncate(call: Call) -> str:
    """A TIMESTAMP may be truncated in a time zone."""
    part, zone = part_of(call, 1), call[2] if len(call) > 2 else UTC
    if call.type == DATE:
        return truncated_date(call[0], part)
    local = call[0] if call.type == DATETIME or zone == UTC else f"bq_from_utc({call[0]}, {zone})"
    if part in MICROS and part != "DAY":
        unit = MICROS[part]
        cut = f"make_timestamp(bq_floor_div(epoch_us({local}), {unit}) * {unit})"
    else:
        cut = f"CAST({truncated_date(local, part)} AS TIMESTAMP)"
    return cut if call.type == DATETIME or zone == UTC else f"bq_to_utc({cut}, {zone})"


@scalar("time_trunc")
def truncate_time(call: Call) -> str:
    unit = MICROS[part_of(call, 1)]
    return f"CAST(make_timestamp(epoch_us(DATE '1970-01-01' + {call[0]}) // {unit} * {unit}) AS TIME)"


@scalar("last_day")
def last_day(call: Call) -> str:
    part = part_of(call, 1) if len(call) > 1 else "MONTH"
    start = truncated_date(call[0], part)
    if part in MONTHS:
        return f"CAST({start} + to_months({MONTHS[part]}) - to_days(1) AS DATE)"
    if first_weekday(part) is not None:
        return f"CAST({start} + to_days(6) AS DATE)"
    if part == "ISOYEAR":
        return f"(bq_isoyear_start(isoyear({call[0]}) + 1) - 1)"
    raise InvalidQuery(f"Unsupported date part {part}")


# ---------- parts


@scalar("$extract")
def extract(call: Call) -> str:
    part = part_of(call, 1)
    moment = call[0]
    if call.types[0] == TIMESTAMP and len(call) > 2:
        moment = f"bq_from_utc({moment}, {call[2]})"
    if call.types[0].kind == "TIME":
        moment = f"(DATE '1970-01-01' + {moment})"
    if call.types[0].kind == "INTERVAL":
        raise Unsupported("EXTRACT from an INTERVAL")
    return f"CAST({_part(moment, part)} AS BIGINT)"


def _part(moment: str, part: str) -> str:
    micros = f"date_part('microseconds', {moment}) % 1000000"
    plain = {"YEAR": "year", "MONTH": "month", "DAY": "day", "QUARTER": "quarter", "HOUR": "hour", "MINUTE": "minute",
             "ISOYEAR": "isoyear", "DAYOFYEAR": "dayofyear"}  # fmt: skip
    if part in plain:
        return f"{plain[part]}({moment})"
    if part == "SECOND":
        return f"second({moment})"
    if part == "MILLISECOND":
        return f"({micros} // 1000)"
    if part == "MICROSECOND":
        return f"({micros})"
    if part == "DAYOFWEEK":
        return f"(dayofweek({moment}) + 1)"
    if part == "ISOWEEK":
        return f"weekofyear({moment})"
    first = first_weekday(part)
    if first is None:
        raise InvalidQuery(f"Unsupported date part {part}")
    return f"((dayofyear({moment}) + 6 - (dayofweek({moment}) - {first} + 7) % 7) // 7)"


@scalar("$extract_date", "$extract_time", "$extract_datetime")
def extract_civil(call: Call) -> str:
    moment = call[0]
    if call.types[0] == TIMESTAMP and len(call) > 1:
        moment = f"bq_from_utc({moment}, {call[-1]})"
    return f"CAST({moment} AS {call.type.engine})"


# ---------- making


@scalar("date", "datetime", "timestamp", "time")
def construct(call: Call) -> str:
    """From parts, from another date type, or from text; a TIMESTAMP's zone may be named."""
    kinds = [t.kind for t in call.types]
    if kinds[:3] == ["INT64"] * 3:
        return _from_parts(call)
    if call.name == "datetime" and kinds == ["DATE", "TIME"]:
        return f"({call[0]} + {call[1]})"
    zone = call[1] if len(call) > 1 else UTC
    return cast(call[0], call.types[0], call.type, zone)


def _from_parts(call: Call) -> str:
    if call.name == "date":
        return f"bq_make_date({', '.join(call.arguments)})"
    if call.name == "datetime":
        return f"bq_make_datetime({', '.join(call.arguments)})"
    return f"bq_make_time({', '.join(call.arguments)})"


@scalar("string")
def string(call: Call) -> str:
    if call.types[0].kind == "JSON":
        return f"bq_json_scalar_text({call[0]})"
    return cast(call[0], call.types[0], call.type, call[1] if len(call) > 1 else UTC)


@scalar("current_date", "current_datetime", "current_time", "current_timestamp")
def current(call: Call) -> str:
    """The last argument is the time at which the statement started."""
    *zone, now = call.arguments
    return cast(now, TIMESTAMP, call.type, zone[0] if zone else UTC)


@scalar("unix_date")
def unix_date(call: Call) -> str:
    return f"CAST({call[0]} - DATE '1970-01-01' AS BIGINT)"


@scalar("date_from_unix_date")
def date_from_unix_date(call: Call) -> str:
    return plus_days("DATE '1970-01-01'", call[0])


@scalar("unix_seconds", "unix_millis", "unix_micros")
def unix(call: Call) -> str:
    unit = {"unix_seconds": 1_000_000, "unix_millis": 1000, "unix_micros": 1}[call.name]
    return f"bq_floor_div(epoch_us({call[0]}), {unit})"


@scalar(
    "timestamp_seconds",
    "timestamp_millis",
    "timestamp_micros",
    "timestamp_from_unix_seconds",
    "timestamp_from_unix_millis",
    "timestamp_from_unix_micros",
)
def from_unix(call: Call) -> str:
    if call.types[0].kind == "TIMESTAMP":
        return call[0]
    unit = {"seconds": 1_000_000, "millis": 1000, "micros": 1}[call.name.rsplit("_", 1)[1]]
    return f"bq_in_range(make_timestamp({call[0]} * {unit}), 'Timestamp')"


@scalar("generate_date_array")
def generate_date_array(call: Call) -> str:
    """Each element is the one before plus the step, so a month's last day moves to the 29th after a February."""
    amount, part = (call[2], part_of(call, 3)) if len(call) > 2 else ("CAST(1 AS BIGINT)", "DAY")
    if part in MONTHS:
        return f"bq_month_series({call[0]}, {call[1]}, bq_step({amount}) * {MONTHS[part]})"
    if part not in DAYS:
        raise InvalidQuery(f"Unsupported date part {part}")
    return f"bq_day_series({call[0]}, {call[1]}, bq_step({amount}) * {DAYS[part]})"


@scalar("generate_timestamp_array")
def generate_timestamp_array(call: Call) -> str:
    part = part_of(call, 3)
    if part not in MICROS:
        raise InvalidQuery(f"Unsupported date part {part}")
    return f"bq_micros_series({call[0]}, {call[1]}, bq_step({call[2]}) * {MICROS[part]})"


# ---------- formats

# elements that mean the same in DuckDB's strftime
SHARED = set("YmdHMSFTjBbAay")


@scalar("format_date", "format_datetime", "format_timestamp", "format_time")
def format_(call: Call) -> str:
    moment = {"DATE": "CAST({} AS TIMESTAMP)", "TIME": "(DATE '1970-01-01' + {})"}.get(
        call.types[1].kind, "{}"
    ).format(call[1])
    zone = call[2] if len(call) > 2 else UTC
    pattern = call.values[0]
    if pattern is not None and zone == UTC and _is_shared(pattern):
        return f"strftime({moment}, {call[0]})"
    return f"bq_format_moment({call[0]}, {moment}, {zone}, '{call.types[1].kind}')"


def _is_shared(pattern: str) -> bool:
    letters = pattern.split("%")[1:]
    return all(piece[:1] in SHARED for piece in letters)


@scalar("parse_date", "parse_datetime", "parse_timestamp", "parse_time")
def parse(call: Call) -> str:
    zone = call[2] if len(call) > 2 else UTC
    pattern = call.values[0]
    if call.type == DATE and pattern in ("%Y-%m-%d", "%F"):
        return f"CASE WHEN regexp_full_match({call[1]}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN bq_checked_date({call[1]}) ELSE CAST(bq_parse_moment({call[0]}, {call[1]}, {zone}, 'DATE') AS DATE) END"
    return f"CAST(bq_parse_moment({call[0]}, {call[1]}, {zone}, {values.text(call.type.kind)}) AS {call.type.engine})"
