"""CSV and delimited files as batches of texts.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html
https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from sandbox.redshift.bulk.failures import BadInput, LoadError
from sandbox.redshift.bulk.targets import Target

BLOCK = 1 << 22


@dataclass(frozen=True)
class Layout:
    """How a text file is written."""

    delimiter: str
    quote: str  # '' = none
    doubled: bool  # a quote inside is written twice
    escape: bool  # a backslash takes the next character as it is
    skip: int  # lines at the beginning
    blank_lines: bool  # are left out
    fill: bool  # missing columns at the end are NULL
    replacement: str  # of bytes that are no UTF-8; '' = an error


def decompressed(file: BinaryIO, compression: str) -> BinaryIO:
    """``compression``: '', gzip, bzip2, zstd."""
    if compression == "gzip":
        return gzip.open(file, "rb")  # type: ignore[return-value]
    if compression == "bzip2":
        return bz2.open(file, "rb")  # type: ignore[return-value]
    if compression == "zstd":
        return pa.CompressedInputStream(file, "zstd")  # type: ignore[no-any-return]
    return file


def batches(file: BinaryIO, uri: str, columns: list[Target], layout: Layout) -> Iterator[pa.RecordBatch]:
    """Batches of texts, one column per target. Raises BadInput for a line with too many or too few columns."""
    if layout.replacement:
        text = file.read().decode("utf-8", _replace_with(layout.replacement))
        file = io.BytesIO(text.encode())
    if layout.fill:
        yield from _filled(file, columns, layout)
        return
    bad: list[LoadError] = []

    def invalid(row: arrow_csv.InvalidRow) -> str:
        if not bad:
            bad.append(_wrong_count(row, uri, layout))
        return "skip"

    names = [str(i) for i in range(len(columns))]
    try:
        reader = arrow_csv.open_csv(
            file,
            read_options=arrow_csv.ReadOptions(
                block_size=BLOCK, use_threads=False, column_names=names, skip_rows=layout.skip
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                quote_char=layout.quote or False,
                double_quote=layout.doubled,
                escape_char="\\" if layout.escape else False,
                newlines_in_values=bool(layout.quote) or layout.escape,
                ignore_empty_lines=layout.blank_lines,
                invalid_row_handler=invalid,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            if bad:
                break
            yield batch
    except pa.ArrowInvalid as problem:
        if "Empty CSV file" in str(problem):
            return
        raise BadInput(_unparsable(problem, uri)) from problem
    except (OSError, EOFError) as problem:
        raise BadInput(_unparsable(problem, uri)) from problem
    if bad:
        raise BadInput(bad[0])


def _wrong_count(row: arrow_csv.InvalidRow, uri: str, layout: Layout) -> LoadError:
    more = row.actual_columns > row.expected_columns
    code, reason = (1202, "Extra column(s) found") if more else (1214, "Delimiter not found")
    line = (row.number or 0) + layout.skip
    return LoadError(uri, line, "", "", "", code, reason, row.text or "")


def _unparsable(problem: Exception, uri: str) -> LoadError:
    said = str(problem)
    if "UTF8" in said or "UTF-8" in said:
        return LoadError(uri, 0, "", "", "", 1220, "String contains invalid or unsupported UTF8 codepoints")
    return LoadError(uri, 0, "", "", "", 1200, said[:100])


def _replace_with(character: str) -> str:
    """The name of an error handler that puts one character for each byte that is no UTF-8."""

    def replaced(problem: UnicodeError) -> tuple[str, int]:
        assert isinstance(problem, UnicodeDecodeError)
        return character * (problem.end - problem.start), problem.end

    name = f"redshift-{ord(character)}"
    codecs.register_error(name, replaced)
    return name


def _filled(file: BinaryIO, columns: list[Target], layout: Layout) -> Iterator[pa.RecordBatch]:
    """FILLRECORD, by Python's reader: pyarrow has no padding of short lines."""
    lines = csv.reader(
        io.TextIOWrapper(file, "utf-8", newline=""),
        delimiter=layout.delimiter,
        quotechar=layout.quote or None,
        quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        doublequote=layout.doubled,
        escapechar="\\" if layout.escape else None,
    )
    width = len(columns)
    rows: list[list[str | None]] = []
    for number, line in enumerate(lines, 1):
        if number <= layout.skip or (not line and layout.blank_lines):
            continue
        if len(line) > width:
            raise BadInput(
                LoadError("", number, "", "", "", 1202, "Extra column(s) found", layout.delimiter.join(line))
            )
        rows.append([*line, *[None] * (width - len(line))])
    yield pa.record_batch(
        [pa.array([row[i] for row in rows], pa.string()) for i in range(width)],
        names=[str(i) for i in range(width)],
    )
