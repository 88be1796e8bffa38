"""Texts of a file as the table's columns take them: NULLs, blanks, lengths, dates.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.redshift.bulk.failures import BadInput, LoadError
from sandbox.redshift.bulk.targets import Target
from sandbox.redshift.language.refusal import unsupported

DATE = r"^\s*\d{4}-\d{1,2}-\d{1,2}"
# Redshift's words of a format, as strptime's
WORDS = (
    ("HH24", "%H"), ("HH12", "%I"), ("HH", "%I"), ("MI", "%M"), ("SS", "%S"), ("YYYY", "%Y"), ("YY", "%y"), ("MM", "%m"),
    ("MON", "%b"), ("DD", "%d"), ("AM", "%p"), ("PM", "%p"),
)  # fmt: skip
EPOCHS = {"epochsecs": "s", "epochmillisecs": "ms"}


@dataclass(frozen=True)
class Conversion:
    """Options of COPY that change values."""

    null: str
    empty_as_null: bool
    blanks_as_null: bool
    trim_blanks: bool
    truncate: bool
    date_format: str  # '' = YYYY-MM-DD; "auto"; or a format
    time_format: str
    any_date: bool
    round_decimals: bool


def converted(
    batch: pa.RecordBatch, columns: list[Target], how: Conversion, uri: str, before: int
) -> pa.RecordBatch:
    """``before``: lines of the file before this batch. Raises BadInput for a date in another format."""
    arrays = [_column(batch.column(i), column, how, uri, before) for i, column in enumerate(columns)]
    return pa.record_batch(arrays, names=[str(i) for i in range(len(columns))])


def _column(values: pa.Array, column: Target, how: Conversion, uri: str, before: int) -> pa.Array:
    nothing = pa.scalar(None, pa.string())
    if how.null:
        values = pc.if_else(pc.equal(values, how.null), nothing, values)
    if column.is_text:
        if how.trim_blanks:
            values = pc.utf8_rtrim(values, " ")
        if how.empty_as_null:
            values = pc.if_else(pc.equal(values, ""), nothing, values)
        if how.blanks_as_null:
            values = pc.if_else(pc.equal(pc.utf8_trim_whitespace(values), ""), nothing, values)
        if how.truncate and column.length is not None:
            values = _cut(values, column.length)
        return values
    values = pc.if_else(pc.equal(pc.utf8_trim_whitespace(values), ""), nothing, values)
    if column.kind == "date":
        return _moment(values, column, how.date_format, how.any_date, uri, before)
    if column.kind.startswith("timestamp"):
        return _moment(values, column, how.time_format, how.any_date, uri, before)
    if column.kind == "numeric" and not how.round_decimals and column.sizes:
        return _without_more_digits(values, column.sizes[1])
    return values


def _cut(values: pa.Array, length: int) -> pa.Array:
    """TRUNCATECOLUMNS: at most so many bytes, whole characters."""
    too_long = pc.greater(pc.binary_length(values), length)
    if not pc.any(too_long).as_py():
        return values
    cut = [None if v is None else v.encode()[:length].decode(errors="ignore") for v in values.to_pylist()]
    return pa.array(cut, pa.string())


def _without_more_digits(values: pa.Array, scale: int) -> pa.Array:
    # "COPY truncates values … unless ROUNDEC": digits beyond the column's scale are left away
    pattern = r"^(\s*[+-]?\d*\.\d{%d})\d+\s*$" % scale  # noqa: UP031 - braces of the pattern
    return pc.replace_substring_regex(values, pattern, r"\1")


def _moment(values: pa.Array, column: Target, form: str, any_date: bool, uri: str, before: int) -> pa.Array:
    if form.lower() == "auto":
        return values
    if form.lower() in EPOCHS:
        whole = pc.cast(values, pa.int64(), safe=False) if form.lower() == "epochmillisecs" else None
        moments = (
            pc.cast(whole, pa.timestamp("ms"))
            if whole is not None
            else pc.cast(
                pc.cast(pc.multiply(pc.cast(values, pa.float64()), 1_000_000), pa.int64(), safe=False),
                pa.timestamp("us"),
            )
        )
        return pc.strftime(pc.cast(moments, pa.timestamp("us")), "%Y-%m-%d %H:%M:%S")
    if form and form.upper() not in ("YYYY-MM-DD", "YYYY-MM-DD HH:MI:SS", "YYYY-MM-DD HH24:MI:SS"):
        parsed = pc.strptime(values, _strptime(form), "us", error_is_null=True)
        _check(values, pc.and_(pc.is_valid(values), pc.is_null(parsed)), column, any_date, uri, before)
        return pc.strftime(parsed, "%Y-%m-%d" if column.kind == "date" else "%Y-%m-%d %H:%M:%S")
    fits = pc.match_substring_regex(values, DATE)
    wrong = pc.and_(pc.is_valid(values), pc.invert(fits))
    if any_date:
        return pc.if_else(pc.fill_null(wrong, False), pa.scalar(None, pa.string()), values)
    _check(values, wrong, column, any_date, uri, before)
    return values


def _check(values: pa.Array, wrong: pa.Array, column: Target, any_date: bool, uri: str, before: int) -> None:
    if any_date or not pc.any(wrong).as_py():
        return
    at = pc.index(wrong, True).as_py()
    code, reason = (
        (1205, "Invalid Date Format - length must be 10 or more")
        if column.kind == "date"
        else (1206, "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]")
    )
    raise BadInput(
        LoadError(
            uri, before + at + 1, column.name, column.kind[:10], "", code, reason, "", values[at].as_py()
        )
    )


def _strptime(form: str) -> str:
    rest, out = form, ""
    while rest:
        for word, mark in WORDS:
            if rest.upper().startswith(word):
                out, rest = out + mark, rest[len(word) :]
                break
        else:
            if re.match(r"[A-Za-z]", rest):
                raise unsupported(f"the format '{form}'", 0, "r_DATEFORMAT_and_TIMEFORMAT_strings.html")
            out, rest = out + rest[0].replace("%", "%%"), rest[1:]
    return out
