"""FORMAT_… and PARSE_… of dates and times, element by element.

https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements#format_elements_date_time
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sandbox.bigquery.engine.python_functions import _utc, engine_function, zone_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TOKEN = re.compile(r"%(E(?:[0-9]|\*)S|E4Y|Ez|E[A-Za-z]|O[A-Za-z]|[A-Za-z%])")
COMPOSED = {
    "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "x": "%m/%d/%y", "X": "%H:%M:%S",
    "c": "%a %b %e %H:%M:%S %Y", "h": "%b",
}  # fmt: skip


def _weeks(moment: dt.datetime, first: int) -> int:
    """Weeks of the year that have begun on weekday ``first`` (0 is Monday)."""
    day = moment.timetuple().tm_yday - 1
    return (day + 7 - (moment.weekday() - first) % 7) // 7


def _zone_digits(moment: dt.datetime, colon: str) -> str:
    offset = moment.utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return f"{sign}{minutes // 60:02d}{colon}{minutes % 60:02d}"


def _zone_name(moment: dt.datetime) -> str:
    if not moment.utcoffset():
        return "UTC"
    digits = _zone_digits(moment, ":")
    return "UTC" + digits[0] + re.sub(r"^0|:00$", "", digits[1:])


WRITERS: dict[str, Callable[[dt.datetime], str]] = {
    "A": lambda m: DAYS[m.weekday()],
    "a": lambda m: DAYS[m.weekday()][:3],
    "B": lambda m: MONTHS[m.month - 1],
    "b": lambda m: MONTHS[m.month - 1][:3],
    "C": lambda m: f"{m.year // 100:02d}",
    "d": lambda m: f"{m.day:02d}",
    "e": lambda m: f"{m.day:2d}",
    "E4Y": lambda m: f"{m.year:04d}",
    "G": lambda m: str(m.isocalendar().year),
    "g": lambda m: f"{m.isocalendar().year % 100:02d}",
    "H": lambda m: f"{m.hour:02d}",
    "I": lambda m: f"{(m.hour + 11) % 12 + 1:02d}",
    "j": lambda m: f"{m.timetuple().tm_yday:03d}",
    "k": lambda m: f"{m.hour:2d}",
    "l": lambda m: f"{(m.hour + 11) % 12 + 1:2d}",
    "M": lambda m: f"{m.minute:02d}",
    "m": lambda m: f"{m.month:02d}",
    "n": lambda m: "\n",
    "P": lambda m: "am" if m.hour < 12 else "pm",
    "p": lambda m: "AM" if m.hour < 12 else "PM",
    "Q": lambda m: str((m.month + 2) // 3),
    "S": lambda m: f"{m.second:02d}",
    "s": lambda m: str(int((m.replace(tzinfo=m.tzinfo or dt.UTC)).timestamp() // 1)),
    "t": lambda m: "\t",
    "U": lambda m: f"{_weeks(m, 6):02d}",
    "u": lambda m: str(m.isoweekday()),
    "V": lambda m: f"{m.isocalendar().week:02d}",
    "W": lambda m: f"{_weeks(m, 0):02d}",
    "w": lambda m: str(m.isoweekday() % 7),
    "Y": lambda m: str(m.year),
    "y": lambda m: f"{m.year % 100:02d}",
    "Z": _zone_name,
    "z": lambda m: _zone_digits(m, ""),
    "Ez": lambda m: _zone_digits(m, ":"),
    "%": lambda m: "%",
}


def written(pattern: str, moment: dt.datetime) -> str:
    """The moment in the pattern. ValueError for an element that the stand-in does not write."""

    def one(found: re.Match[str]) -> str:
        element = found[1]
        if element in COMPOSED:
            return written(COMPOSED[element], moment)
        if element in WRITERS:
            return WRITERS[element](moment)
        if re.fullmatch(r"E(\d|\*)S", element):
            return _seconds(moment, element[1])
        raise ValueError(f"not supported by the stand-in: the format element %{element}")

    return TOKEN.sub(one, pattern)


def _seconds(moment: dt.datetime, digits: str) -> str:
    fraction = f"{moment.microsecond:06d}"
    fraction = fraction.rstrip("0") if digits == "*" else fraction.ljust(9, "0")[: int(digits)]
    return f"{moment.second:02d}" + (f".{fraction}" if fraction else "")


@engine_function(["VARCHAR", "TIMESTAMP", "VARCHAR", "VARCHAR"], "VARCHAR")
def bq_format_moment(pattern: str, moment: dt.datetime, zone: str, kind: str) -> str:
    if kind == "TIMESTAMP":
        moment = moment.replace(tzinfo=dt.UTC).astimezone(zone_of(zone))
    return written(pattern, moment)


# ---------- parsing

NUMBERS = {"d": 2, "e": 2, "H": 2, "k": 2, "I": 2, "l": 2, "M": 2, "m": 2, "S": 2, "y": 2, "j": 3}


def _names(names: tuple[str, ...]) -> str:
    return "|".join(sorted((*names, *(n[:3] for n in names)), key=len, reverse=True))


def _regex(pattern: str) -> str:
    told, at = "", 0
    for found in TOKEN.finditer(pattern):
        told += _between(pattern[at : found.start()])
        at = found.end()
        told += _element(found[1])
    return told + _between(pattern[at:])


def _between(text: str) -> str:
    return "".join(r"\s*" if c.isspace() else re.escape(c) for c in text)


def _element(element: str) -> str:
    if element == "F":
        return r"(?P<Y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
    if element in COMPOSED:
        return _regex(COMPOSED[element])
    if element in NUMBERS:
        return rf"(?P<{element}>\s*\d{{1,{NUMBERS[element]}}})"
    simple = {
        "Y": r"(?P<Y>\d{4})", "E4Y": r"(?P<Y>\d{4})", "B": f"(?P<B>{_names(MONTHS)})", "b": f"(?P<B>{_names(MONTHS)})",
        "A": f"(?:{_names(DAYS)})", "a": f"(?:{_names(DAYS)})", "p": "(?P<p>[AaPp][Mm])", "P": "(?P<p>[AaPp][Mm])",
        "z": r"(?P<z>[+-]\d{1,2}(?::?\d{2})?|[Zz])", "Ez": r"(?P<z>[+-]\d{1,2}(?::?\d{2})?|[Zz])", "s": r"(?P<s>-?\d+)",
        "Z": r"(?P<z>[A-Za-z]+(?:/[A-Za-z_+\-0-9]+)*)", "E*S": r"(?P<S>\d{1,2})(?:\.(?P<f>\d{1,6}))?", "t": r"\s*", "n": r"\s*",
        "%": "%",
    }  # fmt: skip
    if element in simple:
        return simple[element]
    found = re.fullmatch(r"E(\d)S", element)
    if found:
        return rf"(?P<S>\d{{1,2}})(?:\.(?P<f>\d{{1,{found[1]}}}))?" if found[1] != "0" else r"(?P<S>\d{1,2})"
    raise ValueError(f"not supported by the stand-in: the format element %{element} when parsing")


@engine_function(["VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")
def bq_parse_moment(pattern: str, text: str, zone: str, kind: str) -> str:
    """A date or time read by a pattern; parts that are missing are those of 1970-01-01 00:00:00."""
    found = re.fullmatch(rf"\s*{_regex(pattern)}\s*", text, re.ASCII | re.IGNORECASE)
    if found is None:
        raise ValueError(f'Failed to parse input string "{text}"')
    told = {k: v.strip() for k, v in found.groupdict().items() if v is not None}
    try:
        moment = _moment(told)
    except ValueError as error:
        raise ValueError(f'Failed to parse input string "{text}"') from error
    if kind == "TIMESTAMP":
        moment = _utc(moment, zone_of(told.get("z") or zone))
    if kind == "DATE":
        return moment.date().isoformat()
    return moment.time().isoformat() if kind == "TIME" else moment.isoformat(sep=" ")


def _moment(told: dict[str, str]) -> dt.datetime:
    if "s" in told:
        return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(told["s"]))
    year = int(told.get("Y", 1970))
    if "y" in told:
        short = int(told["y"])
        year = short + (1900 if short >= 69 else 2000)
    month = int(told.get("m", 1))
    if "B" in told:
        month = [n[:3].lower() for n in MONTHS].index(told["B"][:3].lower()) + 1
    day = int(told.get("d") or told.get("e") or 1)
    hour = int(told.get("H") or told.get("k") or 0)
    if "I" in told or "l" in told:
        half = int(told.get("I") or told.get("l") or 12)
        if not 1 <= half <= 12:
            raise ValueError("hour")
        hour = half % 12 + (12 if told.get("p", "AM").upper() == "PM" else 0)
    second = int(told.get("S", 0))
    fraction = int(told.get("f", "0").ljust(6, "0"))
    made = dt.datetime(year, month, day, hour, int(told.get("M", 0)), 0, fraction)
    if "j" in told:
        made = made.replace(month=1, day=1) + dt.timedelta(days=int(told["j"]) - 1)
    if second > 60:
        raise ValueError("second")
    return made + dt.timedelta(seconds=second)


@engine_function(["BIGINT", "BIGINT", "BIGINT"], "DATE")
def bq_make_date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"Input calculates to invalid date: {year:04d}-{month:02d}-{day:02d}") from error


@engine_function(["BIGINT"] * 6, "TIMESTAMP")
def bq_make_datetime(year: int, month: int, day: int, hour: int, minute: int, second: int) -> dt.datetime:
    try:
        return dt.datetime(year, month, day, hour, minute, second)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"Input calculates to invalid datetime: {year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"
        ) from error


@engine_function(["BIGINT"] * 3, "TIME")
def bq_make_time(hour: int, minute: int, second: int) -> dt.time:
    try:
        return dt.time(hour, minute, second)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"Input calculates to invalid time: {hour:02d}:{minute:02d}:{second:02d}") from error
