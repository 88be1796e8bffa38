"""datetimeoffset and AT TIME ZONE. A datetimeoffset is DuckDB's STRUCT(utc TIMESTAMP, minutes SMALLINT).

https://learn.microsoft.com/sql/t-sql/queries/at-time-zone-transact-sql
https://learn.microsoft.com/sql/t-sql/data-types/datetimeoffset-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language.translating.values import Typed, once
from sandbox.synapse.types import SqlType, datetime2

# Windows' names of time zones (CLDR's windowsZones, territory 001).
ZONES = {
    "UTC": "Etc/UTC", "GMT Standard Time": "Europe/London", "Greenwich Standard Time": "Atlantic/Reykjavik",
    "W. Europe Standard Time": "Europe/Berlin", "Central Europe Standard Time": "Europe/Budapest",
    "Romance Standard Time": "Europe/Paris", "Central European Standard Time": "Europe/Warsaw",
    "W. Central Africa Standard Time": "Africa/Lagos", "GTB Standard Time": "Europe/Bucharest",
    "E. Europe Standard Time": "Europe/Chisinau", "FLE Standard Time": "Europe/Kiev",
    "South Africa Standard Time": "Africa/Johannesburg", "Israel Standard Time": "Asia/Jerusalem",
    "Egypt Standard Time": "Africa/Cairo", "Turkey Standard Time": "Europe/Istanbul",
    "Arab Standard Time": "Asia/Riyadh", "Arabian Standard Time": "Asia/Dubai",
    "Russian Standard Time": "Europe/Moscow", "E. Africa Standard Time": "Africa/Nairobi",
    "Pakistan Standard Time": "Asia/Karachi", "India Standard Time": "Asia/Calcutta",
    "Sri Lanka Standard Time": "Asia/Colombo", "Bangladesh Standard Time": "Asia/Dhaka",
    "SE Asia Standard Time": "Asia/Bangkok", "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore", "Taipei Standard Time": "Asia/Taipei",
    "W. Australia Standard Time": "Australia/Perth", "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul", "Cen. Australia Standard Time": "Australia/Adelaide",
    "AUS Central Standard Time": "Australia/Darwin", "E. Australia Standard Time": "Australia/Brisbane",
    "AUS Eastern Standard Time": "Australia/Sydney", "New Zealand Standard Time": "Pacific/Auckland",
    "Eastern Standard Time": "America/New_York", "US Eastern Standard Time": "America/Indianapolis",
    "Central Standard Time": "America/Chicago", "Canada Central Standard Time": "America/Regina",
    "Mountain Standard Time": "America/Denver", "US Mountain Standard Time": "America/Phoenix",
    "Pacific Standard Time": "America/Los_Angeles", "Alaskan Standard Time": "America/Anchorage",
    "Hawaiian Standard Time": "Pacific/Honolulu", "Atlantic Standard Time": "America/Halifax",
    "Newfoundland Standard Time": "America/St_Johns", "E. South America Standard Time": "America/Sao_Paulo",
    "Argentina Standard Time": "America/Buenos_Aires", "SA Pacific Standard Time": "America/Bogota",
    "Central Standard Time (Mexico)": "America/Mexico_City",
}  # fmt: skip
_KNOWN = {name.lower(): zone for name, zone in ZONES.items()}


def scale_of(kind: SqlType) -> int:
    """Digits of a second's fraction."""
    fixed = {"datetime": 3, "smalldatetime": 0, "date": 0}
    return fixed.get(kind.name, 7 if kind.scale is None else kind.scale)


def offset_type(scale: int) -> SqlType:
    return SqlType("datetimeoffset", None, None, scale)


def pack(utc: str, minutes: str) -> str:
    return f"struct_pack(utc := {utc}, minutes := CAST({minutes} AS SMALLINT))"


def local(value: Typed) -> Typed:
    """The date and time that a datetimeoffset shows, as datetime2."""
    sql = once(value.sql, lambda v: f"({v}.utc + to_minutes(CAST({v}.minutes AS BIGINT)))")
    return Typed(sql, datetime2(scale_of(value.type)), value.nullable)


def with_offset(moment: str, minutes: str) -> str:
    """A local date and time with its offset."""
    return once(
        moment,
        lambda v: (
            f"CASE WHEN {v} IS NOT NULL THEN {pack(f'{v} - to_minutes(CAST({minutes} AS BIGINT))', minutes)} END"
        ),
    )


def at_time_zone(value: Typed, zone: Typed, line: int) -> Typed:
    """A date and time without offset gets the zone's; a datetimeoffset is shown in the zone.

    In the hour that an autumn repeats, the offset before the change holds.
    """
    if not isinstance(zone.constant, str):
        raise unsupported("AT TIME ZONE with a zone that is no constant", line)
    found = _KNOWN.get(zone.constant.strip().lower())
    if found is None:
        if zone.constant.strip().lower().endswith("time"):
            raise unsupported(f"AT TIME ZONE '{zone.constant}'", line)
        raise SqlError(
            9820,
            f"The time zone parameter '{zone.constant}' provided to AT TIME ZONE clause is invalid.",
            line,
        )
    if value.type.name == "datetimeoffset":
        sql = once(value.sql, lambda v: _in_zone(f"{v}.utc", found))
        return Typed(sql, value.type, value.nullable)
    if value.type.name not in ("datetime", "smalldatetime", "datetime2"):
        raise SqlError(
            8116,
            f"Argument data type {value.type.name} is invalid for argument 1 of AT TIME ZONE function.",
            line,
        )
    utc = once(value.sql, lambda v: _to_utc(v, found))
    sql = once(utc, lambda v: _in_zone(v, found))
    return Typed(sql, offset_type(scale_of(value.type)), value.nullable)


def _shown(utc: str, zone: str) -> str:
    return f"(({utc}) AT TIME ZONE 'UTC' AT TIME ZONE '{zone}')"


def _in_zone(utc: str, zone: str) -> str:
    return f"CASE WHEN {utc} IS NOT NULL THEN {pack(utc, f'''date_diff('minute', {utc}, {_shown(utc, zone)})''')} END"


def _to_utc(moment: str, zone: str) -> str:
    utc = f"make_timestamp(epoch_us({moment} AT TIME ZONE '{zone}'))"
    earlier = f"({utc} - INTERVAL 1 HOUR)"
    return f"CASE WHEN {_shown(earlier, zone)} = {moment} THEN {earlier} ELSE {utc} END"
