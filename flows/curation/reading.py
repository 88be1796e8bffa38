"""Reads raw files as text, by DuckDB: the contract's columns as the file spells them, and what came with each record.

On both engines these statements read the files (Spark's workers run them file by file), because readers differ: in what
an empty quoted field is, in which of two equal keys of a JSON object counts, in how a number is spelled.

Columns: those of the contract; ``raw_operation``, ``raw_committed_at``, ``raw_position``; ``raw_fault``, why the record
cannot be used at all; ``raw_unknown``, fields that the contract does not know; ``raw_record``, the line of a JSON record, or
of a file that breaks the contract; ``raw_file``, the file's name in the raw zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import duckdb

from flows.contracts import Table
from flows.curation.structure import Layout
from flows.errors import InputError
from flows.lake import FolderLake

CHANGE_TEXTS = (
    "raw_operation",
    "raw_committed_at",
    "raw_position",
    "raw_fault",
    "raw_unknown",
    "raw_record",
    "raw_file",
)

_WHOLE_LINES = "auto_detect=false, delim='\\x01', quote='', escape='', filename=true, max_line_size=10000000, nullstr='\\x02'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def reading_sql(lake: FolderLake, table: Table, files: Iterable[tuple[Layout, list[str]]]) -> str:
    """The statement that reads files, in their order, grouped by layout."""
    if table.format == "stream_jsonl":
        return _stream_sql(lake, table, [name for _, names in files for name in names])
    return " union all ".join(_csv_sql(lake, table, layout, names) for layout, names in files)


def _uris(lake: FolderLake, names: list[str]) -> str:
    return "[" + ", ".join(literal(lake.uri(n)) for n in names) + "]"


def _raw_file(lake: FolderLake) -> str:
    return f"filename[{len(lake.uri('')) + 2}:] as raw_file"


def _csv_sql(lake: FolderLake, table: Table, layout: Layout, names: list[str]) -> str:
    if layout.broken:
        return _lines_sql(lake, table, layout, names)
    if table.format == "dms_csv":
        change = "Op as raw_operation, change_committed_at as raw_committed_at, change_log_position as raw_position"
    else:
        exported_at = "strptime(regexp_extract(raw_file, '_([0-9]{8}T[0-9]{6})[.]', 1), '%Y%m%dT%H%M%S')"
        change = f"'I' as raw_operation, strftime({exported_at}, '%Y-%m-%d %H:%M:%S.%f') as raw_committed_at, null::varchar as raw_position"
    columns = ", ".join(quoted(c.name) for c in table.columns)
    unknown = literal(", ".join(layout.added)) if layout.added else "null::varchar"
    types = "{" + ", ".join(f"{literal(c)}: 'VARCHAR'" for c in layout.header) + "}"
    return (
        f"select {columns}, {change}, null::varchar as raw_fault, {unknown} as raw_unknown, null::varchar as raw_record, raw_file "
        f"from (select * exclude (filename), {_raw_file(lake)} from read_csv({_uris(lake, names)}, columns={types}, auto_detect=false, "
        "header=true, delim=',', quote='\"', escape='\"', filename=true, strict_mode=true, null_padding=false, max_line_size=1000000))"
    )


def _lines_sql(lake: FolderLake, table: Table, layout: Layout, names: list[str]) -> str:
    """The lines of files that break the contract: what is in which column is not to be trusted."""
    nothing = ", ".join(f"null::varchar as {quoted(c.name)}" for c in table.columns)
    return (
        f"select {nothing}, null::varchar as raw_operation, null::varchar as raw_committed_at, null::varchar as raw_position, "
        f"{literal(layout.broken)} as raw_fault, null::varchar as raw_unknown, line as raw_record, {_raw_file(lake)} "
        f"from read_csv({_uris(lake, names)}, columns={{'line': 'VARCHAR'}}, {_WHOLE_LINES}, header=true)"
    )


def _stream_sql(lake: FolderLake, table: Table, names: list[str]) -> str:
    known = "[" + ", ".join(literal(c.name) for c in table.columns) + "]"
    lowered = "[" + ", ".join(literal(c.name.lower()) for c in table.columns) + "]"
    shape = "{" + ", ".join(f'"{c.name}": "VARCHAR"' for c in table.columns) + "}"
    columns = ", ".join(f"record.{quoted(c.name)} as {quoted(c.name)}" for c in table.columns)
    key_text = " || '-' || ".join(f"coalesce(record.{quoted(k)}, '')" for k in table.key)
    return f"""
        with line as (
            select line, {_raw_file(lake)},
                case when json_valid(line) and json_type(line) = 'OBJECT' then line end as object
            from read_csv({_uris(lake, names)}, columns={{'line': 'VARCHAR'}}, {_WHOLE_LINES}, header=false)
        ), parsed as (
            select *, json_transform(object, '{shape}') as record, list_filter(json_keys(object), lambda k: not list_contains({known}, k)) as unknown
            from line
        ), sorted as (
            -- a field that differs in case only is lost data, not a new field
            select *, list_filter(unknown, lambda k: list_contains({lowered}, lower(k))) as recased from parsed
        )
        select {columns}, 'I' as raw_operation, record.received_at as raw_committed_at, record.received_at || '-' || {key_text} as raw_position,
            case when object is null then 'not a JSON object'
                 when len(recased) > 0 then 'the record spells the field ''' || lower(recased[1]) || ''' of the contract as ''' || recased[1] || '''' end as raw_fault,
            case when len(unknown) > 0 and len(recased) = 0 then array_to_string(unknown, ', ') end as raw_unknown,
            line as raw_record, raw_file
        from sorted
    """


def malformed(lake: FolderLake, table: Table, names: list[str], fault: duckdb.Error) -> InputError:
    """DuckDB's refusal to read a file, as one sentence."""
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
