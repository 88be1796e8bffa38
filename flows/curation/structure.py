"""The structure of raw files: whole, readable, and with which columns; and how that differs from the contract.

A file that is empty, cut off or unreadable stops the batch, because nothing in it can be trusted. Columns that the
contract does not know are reported and left out. Columns that it misses, or finds in another case only, break it: every
record of the file is refused with that reason, and kept.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flows.contracts import Table
from flows.errors import InputError
from flows.lake import Lake

DMS_COLUMNS = ("Op", "change_committed_at", "change_log_position")


@dataclass(frozen=True)
class Layout:
    """The columns of a CSV file as it has them (none for JSON, where every line has its own), those that the contract
    does not know, and in words what of the contract it breaks ('' for nothing)."""

    header: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    broken: str = ""


def expected_columns(table: Table) -> tuple[str, ...]:
    """The columns that a CSV file of a table has."""
    names = tuple(c.name for c in table.columns)
    return (*DMS_COLUMNS, *names) if table.format == "dms_csv" else names


def layouts(lake: Lake, table: Table, names: Iterable[str]) -> list[tuple[Layout, list[str]]]:
    """The files by their layout. InputError for a file that is empty, cut off or has no header."""
    found: dict[Layout, list[str]] = defaultdict(list)
    for name in names:
        _check_ends(lake, table, name)
        layout = Layout() if table.format == "stream_jsonl" else compare(table, _header(lake, table, name))
        found[layout].append(name)
    return list(found.items())


def compare(table: Table, header: tuple[str, ...]) -> Layout:
    """What a header adds to the contract, and what of it it breaks; the order of columns is free."""
    expected = expected_columns(table)
    added = tuple(c for c in header if c not in expected)
    missing = [c for c in expected if c not in header]
    if not missing:
        return Layout(header, added)
    by_lower = {c.lower(): c for c in added}
    recased = [(c, by_lower[c.lower()]) for c in missing if c.lower() in by_lower]
    if recased:
        column, spelled = recased[0]
        broken = f"the file spells the column '{column}' of the contract as '{spelled}'"
    else:
        broken = f"the file lacks the column '{missing[0]}' of the contract"
        if added:
            broken += f" and has the unknown column '{added[0]}', perhaps its new name"
    return Layout(header, added, broken)


def _check_ends(lake: Lake, table: Table, name: str) -> None:
    with lake.open(name) as content:
        size = content.seek(0, io.SEEK_END)
        if size == 0:
            raise InputError(f"{table.full_name}: file {name} is empty; deliver it again.")
        content.seek(-1, io.SEEK_END)
        if content.read(1) != b"\n":
            raise InputError(
                f"{table.full_name}: file {name} is cut off, its last line does not end; deliver it again."
            )


def _header(lake: Lake, table: Table, name: str) -> tuple[str, ...]:
    with lake.open(name) as content:
        line = content.readline()
    try:
        return tuple(next(csv.reader([line.decode("utf-8-sig")])))
    except (UnicodeDecodeError, StopIteration, csv.Error):
        raise InputError(
            f"{table.full_name}: file {name}, row 1 is no header of a CSV file in UTF-8; deliver it again."
        ) from None


def line_numbers(lake: Lake, name: str) -> dict[Any, int]:
    """Row of every line of one file, the first being 1; of equal lines the first is told."""
    rows: dict[Any, int] = {}
    with lake.open(name) as content:
        text = io.TextIOWrapper(content, encoding="utf-8", errors="replace", newline="")
        for number, line in enumerate(text, start=1):
            rows.setdefault(line.rstrip("\r\n"), number)
    return rows


def row_numbers(lake: Lake, table: Table, name: str) -> dict[Any, int]:
    """Row of every record of one CSV file by its values, the header being 1; of equal records the first is told."""
    rows: dict[Any, int] = {}
    with lake.open(name) as content:
        reader = csv.reader(io.TextIOWrapper(content, encoding="utf-8-sig", errors="replace", newline=""))
        header = next(reader)
        order = [header.index(c.name) for c in table.columns]
        for record in reader:
            rows.setdefault(tuple(record[i] for i in order), reader.line_num)
    return rows
