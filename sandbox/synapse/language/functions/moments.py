"""Text to dates and times, in every form that is not plain ISO; FORMAT.

https://learn.microsoft.com/sql/t-sql/data-types/datetime2-transact-sql#supported-string-literal-formats-for-datetime2
The session's language is us_english (order mdy).
"""

from __future__ import annotations

import datetime
import re

from sandbox.synapse.language.words import words

MONTHS = {name: i + 1 for i, name in enumerate(words("jan feb mar apr may jun jul aug sep oct nov dec"))}
FULL_MONTHS = {
    name: i + 1
    for i, name in enumerate(
        words("january february march april may june july august september october november december")
    )
}

_TIME = re.compile(r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.:](\d{1,9}))?)?)?\s*([ap]m)?", re.IGNORECASE)
_OFFSET = re.compile(r"\s*(Z|[+-]\d{2}:\d{2})$", re.IGNORECASE)
_ORDERS = {1: "mdy", 101: "mdy", 2: "ymd", 102: "ymd", 3: "dmy", 103: "dmy", 4: "dmy", 104: "dmy", 5: "dmy", 105: "dmy",
           10: "mdy", 110: "mdy", 11: "ymd", 111: "ymd", 20: "ymd", 120: "ymd", 21: "ymd", 121: "ymd", 23: "ymd"}  # fmt: skip


def parse_moment(text: str, kind: str, style: int) -> datetime.datetime | None:
    """The moment that a text means, or None. kind: the target type's name; style: CONVERT's.

    A part that is missing is 1900-01-01 or midnight. An offset other than zero is not known to be handled as the pool
    handles it: UnsupportedOffset.
    """
    text = text.strip(" \t\r\n")
    if not text:
        return datetime.datetime(1900, 1, 1)
    offset = _OFFSET.search(text)
    if offset is not None and re.search(r"\d:\d", text[: offset.start()]):
        if kind in ("datetime", "smalldatetime") and offset.group(1).upper() != "Z":
            return None
        if offset.group(1) not in ("Z", "z", "+00:00", "-00:00"):
            raise ValueError(
                "#49999|not supported by the stand-in: a text with a UTC offset other than zero as a date or time."
            )
        text = text[: offset.start()]
    date_text, time_text = _split(text)
    date = _date(date_text, style, kind) if date_text else (1900, 1, 1)
    time = _time(time_text, kind) if time_text else (0, 0, 0, 0)
    if date is None or time is None:
        return None
    try:
        return datetime.datetime(*date, *time)
    except ValueError:
        return None


def parse_offset(text: str) -> dict[str, datetime.datetime | int] | None:
    """utc and minutes of a text with or without a UTC offset, or None."""
    text = text.strip()
    found = _OFFSET.search(text)
    minutes: int | None = 0
    if found is not None and re.search(r"\d:\d", text[: found.start()]):
        minutes = offset_minutes(found.group(1))
        text = text[: found.start()]
    moment = parse_moment(text, "datetime2", 0)
    if moment is None or minutes is None:
        return None
    return {"utc": moment - datetime.timedelta(minutes=minutes), "minutes": minutes}


def offset_minutes(text: str) -> int | None:
    """Z, +hh:mm, -hh:mm: at most 14 hours; None for anything else."""
    if text in ("Z", "z"):
        return 0
    found = re.fullmatch(r"([+-])(\d{2}):(\d{2})", text.strip())
    if found is None or int(found.group(3)) > 59:
        return None
    minutes = int(found.group(2)) * 60 + int(found.group(3))
    if minutes > 14 * 60:
        return None
    return -minutes if found.group(1) == "-" else minutes


def _split(text: str) -> tuple[str, str]:
    joined = re.fullmatch(r"(\d{4}-\d{2}-\d{2}|\d{8})T(.+)", text, re.IGNORECASE)
    if joined:
        return joined.group(1), joined.group(2)
    found = re.search(
        r"(?:^|\s)(\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.:]\d{1,9})?)?\s*(?:[ap]m)?|\d{1,2}\s*[ap]m)$",
        text,
        re.IGNORECASE,
    )
    if found is None:
        return text, ""
    return text[: found.start()].strip(), found.group(1)


def _date(text: str, style: int, kind: str) -> tuple[int, int, int] | None:
    if re.fullmatch(r"\d{8}", text):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"\d{6}", text):
        return _year(text[:2]), int(text[2:4]), int(text[4:])
    if re.fullmatch(r"\d{4}", text):
        return int(text), 1, 1
    numeric = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", text)
    if numeric:
        return _numeric_date(numeric.group(1), numeric.group(3), numeric.group(4), style, kind)
    return _named_date(text)


def _numeric_date(a: str, b: str, c: str, style: int, kind: str) -> tuple[int, int, int] | None:
    if len(a) == 4:
        if len(c) > 2:
            return None
        return int(a), int(b), int(c)
    order = _ORDERS.get(style, "mdy")
    if len(c) == 4 and order == "ymd":
        order = "mdy" if style in (0, 20, 120, 21, 121) else order
    if len(a) > 2 or len(c) == 3:
        return None
    year, month, day = {"mdy": (c, a, b), "dmy": (c, b, a), "ymd": (a, b, c)}[order]
    return (_year(year) if len(year) <= 2 else int(year)), int(month), int(day)


def _named_date(text: str) -> tuple[int, int, int] | None:
    words = re.findall(r"[A-Za-z]+|\d+", text)
    if re.sub(r"[A-Za-z0-9 ,.\-]", "", text):
        return None
    names = [w for w in words if w.isalpha()]
    numbers = [w for w in words if w.isdigit()]
    if len(names) != 1 or not 1 <= len(numbers) <= 2 or len(words) != len(names) + len(numbers):
        return None
    month = FULL_MONTHS.get(names[0].lower()) or MONTHS.get(names[0].lower())
    if month is None:
        return None
    if len(numbers) == 1:
        return (int(numbers[0]), month, 1) if len(numbers[0]) == 4 else None
    first, second = numbers
    if len(first) == 4:
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4):
        return None
    return (_year(second) if len(second) == 2 else int(second)), month, int(first)


def _year(text: str) -> int:
    """Two digits: 50 to 99 are 19.., 00 to 49 are 20.. (two digit year cutoff 2049)."""
    year = int(text)
    return year + (2000 if year < 50 else 1900)


def _time(text: str, kind: str) -> tuple[int, int, int, int] | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    fraction, half = found.group(4) or "", (found.group(5) or "").lower()
    if kind in ("datetime", "smalldatetime") and len(fraction) > 3:
        return None
    if len(fraction) > 7:
        return None
    if len(fraction) == 7 and fraction[6] != "0":
        raise ValueError(
            "#49999|not supported by the stand-in: a seventh digit of a second's fraction that is not zero."
        )
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, minute, second, int(fraction[:6].ljust(6, "0")) if fraction else 0


DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTH_NAMES = [name.capitalize() for name in FULL_MONTHS]
_FORMATS = re.compile(
    r"yyyy|yy|y|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|f{1,7}|tt|t|'[^']*'|\\.|.", re.DOTALL
)


def format_moment(moment: datetime.datetime, pattern: str) -> str:
    """FORMAT of a date with a custom pattern of .NET (culture en-US). A standard pattern (one letter) is refused."""
    standard = {"d": "M/d/yyyy", "D": "dddd, MMMM d, yyyy", "s": "yyyy-MM-ddTHH:mm:ss", "t": "h:mm tt", "T": "h:mm:ss tt", "g": "M/d/yyyy h:mm tt", "G": "M/d/yyyy h:mm:ss tt", "u": "yyyy-MM-dd HH:mm:ssZ", "y": "MMMM yyyy", "Y": "MMMM yyyy", "m": "MMMM d", "M": "MMMM d"}  # fmt: skip
    if len(pattern) == 1:
        if pattern not in standard:
            raise ValueError(f"#49999|not supported by the stand-in: FORMAT with the pattern '{pattern}'.")
        pattern = standard[pattern]
    return "".join(_formatted(moment, part) for part in _FORMATS.findall(pattern))


def _formatted(moment: datetime.datetime, part: str) -> str:
    hour12 = (moment.hour + 11) % 12 + 1
    fixed = {
        "yyyy": f"{moment.year:04d}", "yy": f"{moment.year % 100:02d}", "y": f"{moment.year % 100}",
        "MMMM": MONTH_NAMES[moment.month - 1], "MMM": MONTH_NAMES[moment.month - 1][:3], "MM": f"{moment.month:02d}", "M": f"{moment.month}",
        "dddd": DAYS[moment.weekday()], "ddd": DAYS[moment.weekday()][:3], "dd": f"{moment.day:02d}", "d": f"{moment.day}",
        "HH": f"{moment.hour:02d}", "H": f"{moment.hour}", "hh": f"{hour12:02d}", "h": f"{hour12}",
        "mm": f"{moment.minute:02d}", "m": f"{moment.minute}", "ss": f"{moment.second:02d}", "s": f"{moment.second}",
        "tt": "AM" if moment.hour < 12 else "PM", "t": "A" if moment.hour < 12 else "P",
    }  # fmt: skip
    if part in fixed:
        return fixed[part]
    if part[0] == "f":
        return f"{moment.microsecond:06d}0"[: len(part)]
    if part[0] == "'":
        return part[1:-1]
    if part[0] == "\\":
        return part[1:]
    if part.isalpha() and part not in "TZ":
        raise ValueError(f"#49999|not supported by the stand-in: '{part}' in FORMAT's pattern.")
    return part
