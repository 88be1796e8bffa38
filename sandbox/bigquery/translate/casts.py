"""CAST: which text is a number or a date, how a value is rounded, how it is written as text.

https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_functions
"""

from __future__ import annotations

from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import Type

SAME = "{}"
# (from, to): DuckDB's expression. What begins with bq_ is a macro or function of engine/.
CASTS = {
    ("INT64", "FLOAT64"): "CAST({} AS DOUBLE)",
    ("INT64", "NUMERIC"): "CAST({} AS DECIMAL(38,9))",
    ("INT64", "BOOL"): "({} <> 0)",
    ("INT64", "STRING"): "CAST({} AS VARCHAR)",
    ("BOOL", "INT64"): "CAST({} AS BIGINT)",
    ("BOOL", "STRING"): "CAST({} AS VARCHAR)",
    ("FLOAT64", "INT64"): "CAST(bq_round({}) AS BIGINT)",
    ("FLOAT64", "NUMERIC"): "bq_float_to_numeric({})",
    ("FLOAT64", "STRING"): "bq_float_to_string({})",
    ("NUMERIC", "INT64"): "CAST({} AS BIGINT)",
    ("NUMERIC", "FLOAT64"): "CAST(CAST({} AS VARCHAR) AS DOUBLE)",
    ("NUMERIC", "STRING"): "bq_numeric_to_string({})",
    ("STRING", "INT64"): "bq_string_to_int64({})",
    ("STRING", "FLOAT64"): "bq_string_to_float64({})",
    ("STRING", "NUMERIC"): "bq_string_to_numeric({})",
    ("STRING", "BOOL"): "bq_string_to_bool({})",
    ("STRING", "BYTES"): "encode({})",
    ("STRING", "DATE"): "bq_string_to_date({})",
    ("STRING", "DATETIME"): "bq_string_to_datetime({})",
    ("STRING", "TIMESTAMP"): "bq_string_to_timestamp({}, {zone})",
    ("STRING", "TIME"): "bq_string_to_time({})",
    ("BYTES", "STRING"): "decode({})",
    ("DATE", "STRING"): "bq_date_to_string({})",
    ("DATE", "DATETIME"): "CAST({} AS TIMESTAMP)",
    ("DATE", "TIMESTAMP"): "bq_to_utc(CAST({} AS TIMESTAMP), {zone})",
    ("DATETIME", "STRING"): "bq_datetime_to_string({})",
    ("DATETIME", "DATE"): "CAST({} AS DATE)",
    ("DATETIME", "TIME"): "CAST({} AS TIME)",
    ("DATETIME", "TIMESTAMP"): "bq_to_utc({}, {zone})",
    ("TIMESTAMP", "STRING"): "bq_timestamp_to_string({}, {zone})",
    ("TIMESTAMP", "DATE"): "CAST(bq_from_utc({}, {zone}) AS DATE)",
    ("TIMESTAMP", "DATETIME"): "bq_from_utc({}, {zone})",
    ("TIMESTAMP", "TIME"): "CAST(bq_from_utc({}, {zone}) AS TIME)",
    ("TIME", "STRING"): "bq_time_to_string({})",
    ("INTERVAL", "STRING"): "bq_interval_to_string({})",
    # a BIGNUMERIC is its decimal text; engine/big_numbers.py computes with it
    ("INT64", "BIGNUMERIC"): "CAST({} AS VARCHAR)",
    ("NUMERIC", "BIGNUMERIC"): "CAST({} AS VARCHAR)",
    ("FLOAT64", "BIGNUMERIC"): "bq_big_from_float({})",
    ("STRING", "BIGNUMERIC"): "bq_big_from_text({})",
    ("BIGNUMERIC", "NUMERIC"): "bq_big_to_numeric({})",
    ("BIGNUMERIC", "FLOAT64"): "CAST({} AS DOUBLE)",
    ("BIGNUMERIC", "INT64"): "bq_big_to_int64({})",
    ("BIGNUMERIC", "STRING"): "bq_big_to_string({})",
}
UTC = "'UTC'"
# What a text must look like at the least to be of a type. An error is slow in the engine, and SAFE_CAST of a column that
# is mostly something else would be an error a row.
AT_LEAST = {
    "INT64": "regexp_matches({}, '^\\s*[-+]?[0-9]')",
    "NUMERIC": "regexp_matches({}, '^\\s*[-+.]?[0-9]')",
    "FLOAT64": "regexp_matches({}, '(?i)^\\s*[-+]?(\\.?[0-9]|inf|nan)')",
    "BOOL": "lower({}) IN ('true', 'false')",
    "DATE": "regexp_matches({}, '^\\s*[0-9]{{4,5}}-[0-9]{{1,2}}-[0-9]{{1,2}}\\s*$')",
    "DATETIME": "regexp_matches({}, '^\\s*[0-9]{{4,5}}-[0-9]{{1,2}}-[0-9]')",
    "TIMESTAMP": "regexp_matches({}, '^\\s*[0-9]{{4,5}}-[0-9]{{1,2}}-[0-9]')",
}


def cast(written: str, source: Type, target: Type, zone: str | None = None) -> str:
    """The value as another type; an error in the engine where BigQuery's cast fails."""
    source, target = source.bare, target.bare
    if source == target:
        return written
    if source.kind == "ARRAY" and target.kind == "ARRAY":
        assert source.element is not None
        assert target.element is not None
        return f"list_transform({written}, lambda e: {cast('e', source.element, target.element, zone)})"
    if source.kind == "STRUCT" and target.kind == "STRUCT":
        return _struct(written, source, target, zone)
    rule = CASTS.get((source.kind, target.kind))
    if rule is None:
        raise Unsupported(f"CAST from {source} to {target}")
    return rule.format(written, zone=zone or UTC)


def tried(written: str, given: str, source: Type, target: Type) -> str:
    """SAFE_CAST: NULL where ``written``, the cast of ``given``, is an error."""
    needed = AT_LEAST.get(target.kind) if source.kind == "STRING" else None
    return f"CASE WHEN {needed.format(given)} THEN TRY({written}) END" if needed else f"TRY({written})"


def _struct(written: str, source: Type, target: Type, zone: str | None) -> str:
    fields = []
    for i, ((_, a), (_, b)) in enumerate(zip(source.fields, target.fields, strict=True)):
        inner = cast(f"struct_extract({written}, 'f{i}')", a, b, zone)
        fields.append(f"'f{i}': {inner}")
    return f"CASE WHEN {written} IS NULL THEN NULL ELSE {{{', '.join(fields)}}} END"


def limited(written: str, type_: Type) -> str:
    """A value of a parameterized type: too long a text is an error, a number is rounded to the scale."""
    if type_.kind == "STRING":
        return f"bq_at_most({written}, {type_.parameters[0]})"
    if type_.kind == "BYTES":
        return f"bq_bytes_at_most({written}, {type_.parameters[0]})"
    if type_.kind == "NUMERIC":
        precision, scale = (*type_.parameters, 0)[:2]
        return f"CAST(CAST({written} AS DECIMAL({precision},{scale})) AS DECIMAL(38,9))"
    raise Unsupported(f"the type {type_}")


def stored(written: str, type_: Type) -> str:
    """A value as a column of the type keeps it: lengths and scales hold, a NULL array is an empty one."""
    if type_.element is not None:
        fault = (
            "CAST(bq_fail('Array cannot have a null element; error in writing field') AS "
            + type_.engine
            + ")"
        )
        return (
            f"CASE WHEN list_count({written}) < len({written}) THEN {fault} ELSE coalesce({written}, []) END"
        )
    return limited(written, type_) if type_.parameters else written


def formatted(written: str, source: Type, target: Type, pattern: str, zone: str | None) -> str:
    """CAST … FORMAT between STRING or BYTES and another type."""
    if source.kind == "BYTES" and target.kind == "STRING":
        found = {
            "HEX": "lower(hex({}))",
            "BASE64": "to_base64({})",
            "UTF8": "decode({})",
            "UTF-8": "decode({})",
        }
        if pattern.upper() in found:
            return found[pattern.upper()].format(written)
    if source.kind == "STRING" and target.kind == "BYTES":
        found = {"HEX": "unhex({})", "BASE64": "from_base64({})", "UTF8": "encode({})", "UTF-8": "encode({})"}
        if pattern.upper() in found:
            return found[pattern.upper()].format(written)
    if target.kind == "STRING" and source.kind in ("DATE", "DATETIME", "TIMESTAMP", "TIME"):
        moment = {"DATE": "CAST({} AS TIMESTAMP)", "TIME": "(DATE '1970-01-01' + {})"}.get(
            source.kind, "{}"
        ).format(written)
        if source.kind == "TIMESTAMP" and zone is not None:
            moment = f"bq_from_utc({moment}, {zone})"
        return f"strftime({moment}, {values.text(strftime_pattern(pattern))})"
    raise Unsupported(f"CAST from {source} to {target} with FORMAT")


# elements of a format, longest first, and strftime's
ELEMENTS = {
    "YYYY": "%Y", "MONTH": "%B|upper", "HH24": "%H", "HH12": "%I", "YY": "%y", "MM": "%m", "DD": "%d", "MI": "%M",
    "SS": "%S", "HH": "%I", "DDD": "%j",
}  # fmt: skip
MARKS = set("-./,'; :")


def strftime_pattern(pattern: str) -> str:
    """strftime's pattern of a FORMAT clause; Unsupported for an element not listed."""
    told, rest = "", pattern
    while rest:
        element = next(
            (e for e in sorted(ELEMENTS, key=len, reverse=True) if rest.upper().startswith(e)), None
        )
        if element is not None and "|" not in ELEMENTS[element]:
            told, rest = told + ELEMENTS[element], rest[len(element) :]
        elif rest[0] in MARKS:
            told, rest = told + rest[0], rest[1:]
        else:
            raise Unsupported(f"the element at '{rest}' of the format '{pattern}'")
    return told
