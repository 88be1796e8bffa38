"""Checks records against the contract, in SQL that the contract writes: table ``raw`` becomes ``checked``.

``checked`` holds every column typed as the lake wants it (a timestamp as text, see docs/architecture.md), the change
metadata, and ``refused_because``: NULL for a good record, else the first fault found, in words.
"""

from __future__ import annotations

import duckdb

from flows.contracts import Column, Table
from flows.curation.reading import literal, quoted

CLOCK_SKEW = "interval 5 minutes"  # how far a device's clock may run ahead of its collector's
_STAMP = "'[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z?'"


def _instant(text: str) -> str:
    """A timestamp, or NULL when the text is none: 'YYYY-MM-DD[ T]HH:MM:SS[.f][Z]', UTC."""
    return f"(case when regexp_full_match({text}, {_STAMP}) then try_cast(replace(replace({text}, 'T', ' '), 'Z', '') as timestamp) end)"


def _typed(column: Column) -> str:
    """SQL of the typed value; NULL where the text does not hold the type."""
    name = quoted(column.name)
    match column.kind:
        case "text":
            return f"nfc_normalize(replace({name}, chr(0), ''))"
        case "integer":
            return (
                f"(case when regexp_full_match({name}, '[+-]?[0-9]{{1,18}}') then cast({name} as bigint) end)"
            )
        case "decimal":
            precision, scale = column.size
            whole = f"[+-]?[0-9]{{1,{precision - scale}}}"
            return f"(case when regexp_full_match({name}, '{whole}([.][0-9]{{1,{scale}}})?') then cast({name} as decimal({precision}, {scale})) end)"
        case "date":
            return f"(case when regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') then try_cast({name} as date) end)"
        case "timestamp":
            return _instant(name)
        case _:
            return f"(case when {name} in ('0', '1') then cast({name} as integer) end)"


def _written(column: Column) -> str:
    """SQL of the value as the lake holds it, from the typed one."""
    name = quoted(column.name)
    return f"strftime({name}, '%Y-%m-%d %H:%M:%S.%f')" if column.kind == "timestamp" else name


def _described(column: Column) -> str:
    return {
        "text": f"text({', '.join(map(str, column.size))})",
        "decimal": f"decimal({', '.join(map(str, column.size))})",
    }.get(column.kind, column.kind)


def _faults(column: Column) -> list[str]:
    """SQL of the column's checks, each NULL or a sentence; ``r`` is the record as text, ``t`` typed."""
    name, text, typed = column.name, f"r.{quoted(column.name)}", f"t.{quoted(column.name)}"
    value = f"left({text}, 60)"
    faults = []
    if column.required:
        faults.append(
            f"case when {text} is null and r.raw_operation <> 'D' then '{name} is required but empty' end"
        )
    if column.kind == "text":
        size = column.size[0]
        faults.append(
            f"case when length({typed}) > {size} then '{name} has ' || length({typed}) || ' characters, more than {size}' end"
        )
    else:
        faults.append(
            f"case when {text} is not null and {typed} is null then '{name} is ''' || {value} || ''', which is no {_described(column)}' end"
        )
    if column.accepted_values:
        accepted = ", ".join(literal(v) for v in column.accepted_values)
        listed = ", ".join(column.accepted_values).replace("'", "''")
        faults.append(
            f"case when {text} not in ({accepted}) then '{name} is ''' || {value} || ''', not one of {listed}' end"
        )
    if column.not_after:
        other = (
            "t.committed_at" if column.not_after == "change_committed_at" else f"t.{quoted(column.not_after)}"
        )
        faults.append(
            f"case when {typed} > {other} + {CLOCK_SKEW} then '{name} ' || {text} || ' lies in the future: after {column.not_after} ' || {other} end"
        )
    if column.must_exist_in:
        where = column.must_exist_in
        faults.append(
            f"case when {typed} is not null and {typed} not in (select value from {quoted('known ' + where)}) then '{name} is ''' || {value} || ''', which is not in {where}' end"
        )
    return faults


def check(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create table ``checked`` from ``raw``. Tables named 'known source.table.column' must exist for must_exist_in."""
    typed = ", ".join(f"{_typed(c)} as {quoted(c.name)}" for c in table.columns)
    faults = [fault for c in table.columns for fault in _faults(c)]
    no_record = "r.raw_fault"
    operation = (
        "case when r.raw_operation is null or r.raw_operation not in ('I', 'U', 'D') "
        "then 'Op is ''' || coalesce(r.raw_operation, '') || ''', not one of I, U, D' end"
    )
    no_time = (
        "case when t.committed_at is null "
        "then 'time of the change is ''' || coalesce(r.raw_committed_at, '') || ''', which is no timestamp' end"
    )
    # a record cannot have been committed after the day its file was delivered; a full load has no day
    too_late = (
        "case when t.committed_at >= try_cast(nullif(regexp_extract(r.raw_file, 'ingest_date=([0-9-]{10})', 1), '1970-01-01') as date) + interval 2 days "
        "then 'time of the change ' || r.raw_committed_at || ' lies in the future of the file that holds it' end"
    )
    # a stream's time of change is one of its columns, so the columns' own faults tell it better
    if table.format == "stream_jsonl":
        checks = [no_record, operation, too_late, *faults, no_time]
    else:
        checks = [no_record, operation, no_time, too_late, *faults]
    columns = ", ".join(f"{_written(c)} as {quoted(c.name)}" for c in table.columns)
    reason = "coalesce(" + ", ".join(checks) + ")"
    raw = ", ".join(f"r.{quoted(c.name)} as {quoted('raw ' + c.name)}" for c in table.columns)
    connection.execute("drop table if exists checked")
    connection.execute(
        f"""
        create table checked as
        with numbered as (select *, rowid as record_number from raw),
        t as (select record_number, {_instant("raw_committed_at")} as committed_at, {typed} from numbered),
        judged as (
            select t.*, r.raw_operation, r.raw_position, r.raw_record, r.raw_file, {raw}, {reason} as refused_because
            from t join numbered as r on r.record_number = t.record_number
        )
        select record_number, {columns}, raw_operation as change_operation,
            strftime(committed_at, '%Y-%m-%d %H:%M:%S.%f') as change_committed_at,
            coalesce(raw_position, strftime(committed_at, '%Y-%m-%d %H:%M:%S.%f')) as change_log_position,
            raw_record, raw_file, {", ".join(quoted("raw " + c.name) for c in table.columns)}, refused_because
        from judged
        """
    )


def drop_repeats(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Take out what was delivered twice, and refuse other content under the same key and position.

    Returns how many records were dropped as exact repeats. Keys repeat by key and log position; in an export all
    rows of one file share a position.
    """
    key = ", ".join([*(quoted(k) for k in table.key), "change_log_position"])
    qualified = ", ".join(["c." + quoted(k) for k in table.key] + ["c.change_log_position"])
    content = (
        "md5(cast(row("
        + ", ".join(f"c.{quoted(x.name)}" for x in table.columns)
        + ", c.change_operation) as varchar))"
    )
    connection.execute(
        f"""
        create or replace temp table repeats as
        with several as (
            select {key} from checked where refused_because is null group by {key} having count(*) > 1
        ), ranked as (
            select c.record_number, c.raw_file, {content} as content,
                row_number() over again as position, first_value(c.raw_file) over again as first_file,
                first_value({content}) over again as first_content
            from checked as c join several using ({key})
            where c.refused_because is null
            window again as (partition by {qualified} order by c.raw_file, c.record_number)
        )
        select * from ranked where position > 1
        """
    )
    key_words = ", ".join(table.key)
    connection.execute(
        f"""
        update checked set refused_because = 'duplicate key ({key_words}): another record with the same key and position but other content stands in ' || first_file
        from repeats where repeats.record_number = checked.record_number and repeats.content <> first_content
        """
    )
    dropped = connection.execute("select count(*) from repeats where content = first_content").fetchall()[0][
        0
    ]
    if dropped:
        connection.execute(
            "delete from checked using repeats where repeats.record_number = checked.record_number and content = first_content"
        )
    return int(dropped)
