"""Values: from the analyzer's messages to Python, and from Python to DuckDB literals.

In Python an INT64 is an int, FLOAT64 a float, NUMERIC a Decimal, DATE a date, DATETIME a naive datetime, TIMESTAMP a
naive datetime in UTC, TIME a time, INTERVAL (months, days, microseconds), JSON its text, ARRAY a list, STRUCT a tuple,
an enumeration (a date part) its number.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Context, Decimal
from typing import Any

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.types import Type

EPOCH = dt.datetime(1970, 1, 1)
NUMERIC_SCALE = 9
WIDE = Context(prec=60)  # digits; a NUMERIC has 38


def decode(proto: Any, type_: Type) -> Any:
    """The Python value of the analyzer's ValueProto. Raises Unsupported for a type without one here."""
    field = proto.WhichOneof("value")
    if field is None:
        return None
    value = getattr(proto, field)
    if field in ("int64_value", "bool_value", "string_value", "double_value", "json_value", "bytes_value"):
        return value
    if field == "enum_value":
        return int(value)
    if field == "date_value":
        return dt.date(1970, 1, 1) + dt.timedelta(days=value)
    if field == "timestamp_value":
        return EPOCH + dt.timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    if field == "datetime_value":
        return _civil(value.bit_field_datetime_seconds, value.nanos)
    if field == "time_value":
        return _time(value >> 30, value & ((1 << 30) - 1))
    if field == "numeric_value":
        return Decimal(int.from_bytes(value, "little", signed=True)).scaleb(-NUMERIC_SCALE, WIDE)
    if field == "bignumeric_value":
        return Decimal(int.from_bytes(value, "little", signed=True)).scaleb(-38, Context(prec=100))
    if field == "interval_value":
        return _interval(value)
    if field == "array_value":
        assert type_.element is not None
        return [decode(v, type_.element) for v in value.element]
    if field == "struct_value":
        return tuple(decode(v, t) for v, (_, t) in zip(value.field, type_.fields, strict=True))
    raise Unsupported(f"a literal of type {type_}")


def _time(packed: int, nanos: int) -> dt.time:
    """Hours, minutes and seconds are packed in 5, 6 and 6 bits."""
    return dt.time(packed >> 12 & 31, packed >> 6 & 63, packed & 63, nanos // 1000)


def _civil(packed: int, nanos: int) -> dt.datetime:
    """A year is in front of 4 bits of month and 5 of day, which are in front of the time."""
    day = dt.date(packed >> 26, packed >> 22 & 15, packed >> 17 & 31)
    return dt.datetime.combine(day, _time(packed & (1 << 17) - 1, nanos))


def _interval(data: bytes) -> tuple[int, int, int]:
    """Microseconds in 8 bytes, days in 4, then months (shifted by 13 bits of nanoseconds) in 4."""
    micros = int.from_bytes(data[0:8], "little", signed=True)
    days = int.from_bytes(data[8:12], "little", signed=True)
    months = int.from_bytes(data[12:16], "little", signed=True) >> 13
    return months, days, micros


def text(value: str) -> str:
    """A DuckDB string literal."""
    return "'" + value.replace("'", "''") + "'" if "\0" not in value else _with_nul(value)


def _with_nul(value: str) -> str:
    return "(" + " || chr(0) || ".join(text(part) for part in value.split("\0")) + ")"


def literal(value: Any, type_: Type) -> str:
    """A DuckDB expression of exactly the type's engine type."""
    if value is None:
        return f"CAST(NULL AS {type_.engine})"
    kind = type_.kind
    if kind == "ARRAY":
        assert type_.element is not None
        return f"CAST([{', '.join(literal(v, type_.element) for v in value)}] AS {type_.engine})"
    if kind == "STRUCT":
        inner = [
            f"'f{i}': {literal(v, t)}" for i, (v, (_, t)) in enumerate(zip(value, type_.fields, strict=True))
        ]
        return "{" + ", ".join(inner) + "}"
    if kind == "BOOL":
        return "TRUE" if value else "FALSE"
    if kind == "INT64":
        return f"CAST('{value}' AS BIGINT)" if value < 0 else f"CAST({value} AS BIGINT)"
    if kind == "FLOAT64":
        return f"CAST('{float_text(value)}' AS DOUBLE)"
    if kind == "NUMERIC":
        return f"CAST('{value:f}' AS DECIMAL(38,9))"
    if kind == "BIGNUMERIC":
        return f"CAST('{value:f}' AS VARCHAR)"
    if kind in ("STRING", "JSON"):
        return f"CAST({text(value)} AS VARCHAR)"
    if kind == "BYTES":
        return "CAST('" + "".join(f"\\x{byte:02X}" for byte in value) + "' AS BLOB)"
    if kind == "DATE":
        return f"CAST('{value.isoformat()}' AS DATE)"
    if kind in ("DATETIME", "TIMESTAMP"):
        return f"CAST('{value.isoformat(sep=' ')}' AS TIMESTAMP)"
    if kind == "TIME":
        return f"CAST('{value.isoformat()}' AS TIME)"
    if kind == "INTERVAL":
        months, days, micros = value
        return f"(to_months({months}) + to_days({days}) + to_microseconds({micros}))"
    raise Unsupported(f"a literal of type {type_}")


def float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def name(identifier: str) -> str:
    """A quoted DuckDB identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def of_engine(value: Any, type_: Type) -> Any:
    """A value as DuckDB returns it, in the form this page describes. Raises Unsupported for an INTERVAL."""
    if value is None:
        return None
    if type_.kind == "ARRAY":
        assert type_.element is not None
        return [of_engine(v, type_.element) for v in value]
    if type_.kind == "STRUCT":
        inner = value.values() if isinstance(value, dict) else value
        return tuple(of_engine(v, t) for v, (_, t) in zip(inner, type_.fields, strict=True))
    if type_.kind == "BYTES":
        return bytes(value)
    if type_.kind == "INTERVAL":
        raise Unsupported("a variable of type INTERVAL")
    return value
