"""Delimited text as COPY INTO and external tables read it.

https://learn.microsoft.com/sql/t-sql/statements/copy-into-transact-sql
"""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.types import SqlType


@dataclass(frozen=True, slots=True)
class Style:
    """quote: '' = none. first_row: 1 = the file's first. date_format: mdy, dmy, ymd, ydm, myd, dym or ''."""

    quote: str = '"'
    field_end: str = ","
    row_end: str = "\n"
    first_row: int = 1
    encoding: str = "utf-8"
    compression: str = ""
    date_format: str = ""


Row = tuple[int, str, str | None]


def style_of(options: dict[str, object], line: int) -> Style:
    """From COPY INTO's options. Raises SqlError for one that is none."""
    encoding = str(options.get("ENCODING", "UTF8")).upper()
    if encoding not in ("UTF8", "UTF16"):
        raise SqlError(13805, f"ENCODING '{encoding}' is not valid: UTF8 or UTF16.", line)
    compression = str(options.get("COMPRESSION", "")).upper()
    if compression not in ("", "NONE", "GZIP", "DEFAULTCODEC"):
        raise unsupported(f"COPY INTO of CSV with COMPRESSION = '{compression}'", line)
    first = int(str(options.get("FIRSTROW", 1)))
    date_format = str(options.get("DATEFORMAT", "")).lower()
    if date_format not in ("", "mdy", "dmy", "ymd", "ydm", "myd", "dym"):
        raise SqlError(2741, f"SET DATEFORMAT date order '{date_format}' is invalid.", line)
    return Style(
        quote=marked(str(options.get("FIELDQUOTE", '"'))), field_end=marked(str(options.get("FIELDTERMINATOR", ","))),
        row_end=marked(str(options.get("ROWTERMINATOR", "\n"))), first_row=max(first, 1),
        encoding="utf-8-sig" if encoding == "UTF8" else "utf-16", compression=compression, date_format=date_format,
    )  # fmt: skip


def marked(text: str) -> str:
    r"""A terminator: 0x0A in hexadecimal, \t, \n, \r, or itself."""
    if text.lower().startswith("0x") and len(text) > 2:
        return bytes.fromhex(text[2:]).decode("latin-1")
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0")


def text_of(path: Path, style: Style) -> str:
    data = path.read_bytes()
    if style.compression == "GZIP" or path.suffix == ".gz":
        data = gzip.decompress(data)
    elif style.compression == "DEFAULTCODEC":
        data = zlib.decompress(data)
    elif path.suffix == ".bz2":
        data = bz2.decompress(data)
    return data.decode(style.encoding, "replace")


def rows(path: Path, style: Style, fields: int, any_more: bool) -> Iterator[tuple[object, ...]]:
    """(line, row as written, fault | None, field …) of each row; an empty field is None.

    any_more: further fields are of no interest; else a row must have exactly `fields` fields.
    """
    for number, raw in enumerate(_split(text_of(path, style), style), 1):
        if number < style.first_row:
            continue
        values = _fields(raw, style)
        fault = None
        if len(values) < fields or (len(values) > fields and not any_more):
            fault = f"Column count mismatch: expected {fields} columns, found {len(values)}"
        kept = [value if value != "" else None for value in values[:fields]]
        kept += [None] * (fields - len(kept))
        yield number, raw, fault, *kept


def _split(text: str, style: Style) -> Iterator[str]:
    """Rows as written. A row's end inside quotes is part of the field; \\r before \\n is none of the row."""
    end, quote = style.row_end, style.quote
    start = place = 0
    inside = False
    while place < len(text):
        if quote and text.startswith(quote, place):
            inside = not inside
            place += len(quote)
        elif not inside and text.startswith(end, place):
            yield text[start:place].removesuffix("\r") if end == "\n" else text[start:place]
            place += len(end)
            start = place
        else:
            place += 1
    if start < len(text):
        rest = text[start:]
        yield rest.removesuffix("\r") if end == "\n" else rest


def _fields(raw: str, style: Style) -> list[str]:
    values, value, place, inside = [], "", 0, False
    quote, end = style.quote, style.field_end
    while place < len(raw):
        if quote and raw.startswith(quote, place):
            if inside and raw.startswith(quote, place + len(quote)):
                value += quote
                place += 2 * len(quote)
                continue
            inside = not inside
            place += len(quote)
        elif not inside and raw.startswith(end, place):
            values.append(value)
            value = ""
            place += len(end)
        else:
            value += raw[place]
            place += 1
    values.append(value)
    return values


def dated(sql: str, date_format: str, kind: SqlType) -> str:
    """A text of a date in DATEFORMAT's order as year-month-day, which every conversion reads alike."""
    if not date_format or kind.name not in ("date", "datetime", "datetime2", "smalldatetime"):
        return sql
    place = {letter: number + 1 for number, letter in enumerate(date_format)}
    year, month, day = (f"\\{place[letter]}" for letter in "ymd")
    return f"regexp_replace({sql}, '^(\\d+)[-/.](\\d+)[-/.](\\d+)', '{year}-{month}-{day}')"
