"""Reads raw files as text: one DuckDB table ``raw`` per source table, with every column as the file spells it.

Structure is checked here: a file that is empty, cut off, unreadable or has the wrong columns stops the batch,
because nothing in it can be trusted. A single bad record does not; checking.py refuses that one.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict

import duckdb

from flows.contracts import Table
from flows.errors import InputError
from flows.lake import FolderLake

DMS_COLUMNS = ("Op", "change_committed_at", "change_log_position")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def read_raw(connection: duckdb.DuckDBPyConnection, lake: FolderLake, table: Table, names: list[str]) -> None:
    """Create table ``raw``: the contract's columns as text, ``raw_operation``, ``raw_committed_at``,
    ``raw_position``, ``raw_fault`` (a record that is no record), ``raw_record`` (as read, for JSON), ``raw_file``."""
    for name in names:
        _check_ends(lake, table, name)
    connection.execute("drop table if exists raw")
    if table.format == "stream_jsonl":
        _read_stream(connection, lake, table, names)
    else:
        _read_csv(connection, lake, table, names)


def _check_ends(lake: FolderLake, table: Table, name: str) -> None:
    with lake.open(name) as content:
        size = content.seek(0, io.SEEK_END)
        if size == 0:
            raise InputError(f"{table.full_name}: file {name} is empty; deliver it again.")
        content.seek(-1, io.SEEK_END)
        if content.read(1) != b"\n":
            raise InputError(
                f"{table.full_name}: file {name} is cut off, its last line does not end; deliver it again."
            )


def _header(lake: FolderLake, table: Table, name: str) -> tuple[str, ...]:
    with lake.open(name) as content:
        line = content.readline()
    try:
        return tuple(next(csv.reader([line.decode("utf-8-sig")])))
    except (UnicodeDecodeError, StopIteration, csv.Error):
        raise InputError(
            f"{table.full_name}: file {name}, row 1 is no header of a CSV file in UTF-8; deliver it again."
        ) from None


def _read_csv(
    connection: duckdb.DuckDBPyConnection, lake: FolderLake, table: Table, names: list[str]
) -> None:
    expected = [c.name for c in table.columns]
    expected = [*DMS_COLUMNS, *expected] if table.format == "dms_csv" else expected
    by_header: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        header = _header(lake, table, name)
        for column in header:
            if column not in expected:
                raise InputError(
                    f"{table.full_name}: file {name}, row 1 has the unknown column '{column}'; add it to the contract or take it out."
                )
        for column in expected:
            if column not in header:
                raise InputError(
                    f"{table.full_name}: file {name}, row 1 lacks the column '{column}' of the contract."
                )
        by_header[header].append(name)
    if table.format == "dms_csv":
        change = "Op as raw_operation, change_committed_at as raw_committed_at, change_log_position as raw_position"
    else:
        exported_at = "strptime(regexp_extract(raw_file, '_([0-9]{8}T[0-9]{6})[.]', 1), '%Y%m%dT%H%M%S')"
        change = f"'I' as raw_operation, strftime({exported_at}, '%Y-%m-%d %H:%M:%S.%f') as raw_committed_at, null::varchar as raw_position"
    columns = ", ".join(quoted(c.name) for c in table.columns)
    selects = []
    for header, files in by_header.items():
        uris = "[" + ", ".join(literal(lake.uri(f)) for f in files) + "]"
        types = "{" + ", ".join(f"{literal(c)}: 'VARCHAR'" for c in header) + "}"
        selects.append(
            f"select {columns}, {change}, null::varchar as raw_fault, null::varchar as raw_record, raw_file from (select * exclude (filename), "
            f"filename[{len(lake.uri('')) + 2}:] as raw_file from read_csv({uris}, columns={types}, auto_detect=false, header=true, delim=',', quote='\"', "
            "escape='\"', filename=true, strict_mode=true, null_padding=false, max_line_size=1000000))"
        )
    try:
        connection.execute(f"create table raw as {' union all '.join(selects)}")
    except duckdb.Error as fault:
        raise _malformed(lake, table, names, fault) from None


def _malformed(lake: FolderLake, table: Table, names: list[str], fault: duckdb.Error) -> InputError:
    text = str(fault)
    file = next((n for n in names if lake.uri(n) in text), None)
    row = re.search(r"Line: (\d+)", text)
    reason = next(
        (line.strip() for line in text.splitlines()[1:] if line.strip() and "Original" not in line),
        text.splitlines()[0],
    )
    where = f"file {file}" if file else f"one of {len(names)} files"
    return InputError(
        f"{table.full_name}: {where}, row {row.group(1) if row else '?'} is malformed ({reason.rstrip('.')}); deliver the file again."
    )


def _read_stream(
    connection: duckdb.DuckDBPyConnection, lake: FolderLake, table: Table, names: list[str]
) -> None:
    uris = "[" + ", ".join(literal(lake.uri(n)) for n in names) + "]"
    known = "[" + ", ".join(literal(c.name) for c in table.columns) + "]"
    shape = "{" + ", ".join(f'"{c.name}": "VARCHAR"' for c in table.columns) + "}"
    columns = ", ".join(f"record.{quoted(c.name)} as {quoted(c.name)}" for c in table.columns)
    key_text = " || '-' || ".join(f"coalesce(record.{quoted(k)}, '')" for k in table.key)
    try:
        connection.execute(
            f"""
            create table raw as
            with line as (
                select line, filename[{len(lake.uri("")) + 2}:] as raw_file,
                    case when json_valid(line) and json_type(line) = 'OBJECT' then line end as object
                from read_csv({uris}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=false, delim='\\x01', quote='', escape='',
                    filename=true, max_line_size=10000000, nullstr='\\x02')
            ), parsed as (
                select *, json_transform(object, '{shape}') as record, list_filter(json_keys(object), lambda k: not list_contains({known}, k)) as unknown
                from line
            )
            select {columns}, 'I' as raw_operation, record.received_at as raw_committed_at, record.received_at || '-' || {key_text} as raw_position,
                case when object is null then 'not a JSON object'
                     when len(unknown) > 0 then 'unknown field ''' || unknown[1] || '''' end as raw_fault,
                line as raw_record, raw_file
            from parsed
            """
        )
    except duckdb.Error as fault:
        raise _malformed(lake, table, names, fault) from None


def row_numbers(lake: FolderLake, table: Table, name: str) -> dict[tuple[str, ...] | str, int]:
    """Row of every record of one file, the first line being 1: by its values for CSV, by its line for JSON.

    Read only for the few files that hold a refused record; of equal records the first row is told.
    """
    rows: dict[tuple[str, ...] | str, int] = {}
    with lake.open(name) as content:
        text = io.TextIOWrapper(content, encoding="utf-8", errors="replace", newline="")
        if table.format == "stream_jsonl":
            for number, line in enumerate(text, start=1):
                rows.setdefault(line.rstrip("\r\n"), number)
            return rows
        reader = csv.reader(text)
        header = next(reader)
        order = [header.index(c.name) for c in table.columns]
        for record in reader:
            rows.setdefault(tuple(record[i] for i in order), reader.line_num)
    return rows
