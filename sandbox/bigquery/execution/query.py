"""Queries: their columns, and their rows kept as a result or written to a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.billing import partition_of
from sandbox.bigquery.catalog import RESULTS, Change, Key, Table, now_ms
from sandbox.bigquery.errors import Failure, InvalidQuery
from sandbox.bigquery.execution import partitions
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.translate import casts, values
from sandbox.bigquery.types import TIMESTAMP, Column, of_proto

MOST_PARTITIONS = 4000  # that one job may write; https://cloud.google.com/bigquery/quotas#partitioned_tables


def output_columns(outputs: Sequence[Node]) -> list[Column]:
    """Columns of a result. One without a name is f0_, f1_, …; two of one name are refused."""
    columns, unnamed = [], 0
    for output in outputs:
        name = output.name
        if not name or name.startswith("$"):
            name, unnamed = f"f{unnamed}_", unnamed + 1
        columns.append(Column(name, of_proto(output.column.type)))
    twice = [n for n, many in Counter(c.name.lower() for c in columns).items() if many > 1]
    if twice:
        raise InvalidQuery(
            f"Duplicate column names in the result are not supported. Found duplicate(s): {', '.join(twice)}"
        )
    return columns


def named_columns(outputs: Sequence[Node], what: str) -> list[Column]:
    """Columns of a table or view that a query defines: each must have a name."""
    for i, output in enumerate(outputs, 1):
        if not output.name or output.name.startswith("$"):
            raise InvalidQuery(f"{what} columns must be named, but column {i} has no name")
    return output_columns(outputs)


def run_query(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """A SELECT: its rows go to a place of their own."""
    columns = output_columns(node.output_column_list)
    for column in columns:
        column.type.check_storable()
    sql = context.translator(sources).query(node.query, node.output_column_list)
    outcome = Outcome("SELECT", columns, processed=context.processed, referenced=list(context.referenced))
    if context.dry_run:
        return outcome
    outcome.place, outcome.rows = keep_result(context, columns, sql)
    return outcome


def keep_result(context: Context, columns: Sequence[Column], sql: str) -> tuple[str, int]:
    """The place and number of a result's rows, in their order."""
    place = f"{RESULTS}.main.r{context.catalog.serial()}"
    listed = ", ".join(f"o{i} {c.type.engine}" for i, c in enumerate(columns))
    with context.catalog.cursor() as cursor, engine_errors():
        context.cursors.append(cursor)
        try:
            cursor.execute(f"CREATE TABLE {place} ({listed})")
            rows = fill(cursor, place, columns, sql, [f"o{i}" for i in range(len(columns))])
        except BaseException:
            cursor.execute(f"DROP TABLE IF EXISTS {place}")
            raise
        finally:
            context.cursors.remove(cursor)
    return place, rows


def fill(
    cursor: duckdb.DuckDBPyConnection,
    place: str,
    columns: Sequence[Column],
    sql: str,
    given: Sequence[str],
    extra: str = "",
) -> int:
    """Insert a query's rows; ``given`` are its column names, ``extra`` one more expression behind them."""
    written = [casts.stored(values.name(g), c.type) for g, c in zip(given, columns, strict=True)]
    listed = ", ".join([*written, *([extra] if extra else [])])
    row = cursor.execute(f"INSERT INTO {place} SELECT {listed} FROM ({sql})").fetchone()
    assert row is not None
    return int(row[0])


def write_table(
    context: Context,
    key: Key,
    columns: Sequence[Column],
    sql: str,
    disposition: str,
    settings: dict[str, Any],
    create: str = "CREATE_IF_NEEDED",
) -> tuple[Table, int]:
    """A query's rows (named o0, o1, …) into a table: truncated, appended to, or only if it is empty."""
    catalog = context.catalog
    catalog.dataset(key[0], key[1])
    with catalog.locked(key), engine_errors():
        before = catalog.tables.get(key) if catalog.exists(key) else None
        if before is None and create == "CREATE_NEVER":
            catalog.table(key)
        if before is not None and before.is_view:
            raise Failure("invalid", f"Cannot write to a view: {before.name}")
        given = [f"o{i}" for i in range(len(columns))]
        with catalog.transaction() as change:
            if before is not None and disposition == "WRITE_EMPTY":
                found = change.cursor.execute(f"SELECT 1 FROM {before.place} LIMIT 1").fetchone()
                if found:
                    raise Failure("duplicate", f"Already Exists: Table {before.name}")
            if before is not None and disposition != "WRITE_TRUNCATE":
                table, rows = _append(change, before, columns, sql, given)
            else:
                table, rows = replace_table(
                    context,
                    change,
                    key,
                    columns,
                    sql,
                    given,
                    {**(before.settings if before and not settings else {}), **settings},
                    before,
                )
    return table, rows


def write_partition(
    context: Context, key: Key, decorator: str, columns: Sequence[Column], sql: str, disposition: str
) -> int:
    """A query's rows into one partition of a table. Raises Failure for rows that belong to another one."""
    catalog = context.catalog
    with catalog.locked(key), engine_errors(), catalog.transaction() as change:
        table = catalog.table(key)
        inside = partitions.condition(table, decorator)
        if disposition == "WRITE_TRUNCATE":
            change.cursor.execute(f"DELETE FROM {table.place} WHERE {inside}")
        elif (
            disposition == "WRITE_EMPTY"
            and change.cursor.execute(f"SELECT 1 FROM {table.place} WHERE {inside} LIMIT 1").fetchone()
        ):
            raise Failure("duplicate", f"Already Exists: Table {table.name}${decorator}")
        outside = f"SELECT count(*) FROM {table.place} WHERE ({inside}) IS NOT TRUE"
        before = change.cursor.execute(outside).fetchone()
        _, rows = _append(change, table, columns, sql, [f"o{i}" for i in range(len(columns))])
        if change.cursor.execute(outside).fetchone() != before:
            raise Failure(
                "invalid", f"Some rows belong to different partitions rather than {table.name}${decorator}"
            )
    return rows


def _append(
    change: Change, table: Table, columns: Sequence[Column], sql: str, given: Sequence[str]
) -> tuple[Table, int]:
    known = {c.name.lower(): c for c in table.columns}
    unknown = [c.name for c in columns if c.name.lower() not in known]
    if unknown:
        raise Failure(
            "invalid",
            f"Provided Schema does not match Table {table.name}. Cannot add fields (field: {unknown[0]})",
        )
    for c in columns:
        if known[c.name.lower()].type.bare != c.type.bare:
            raise Failure(
                "invalid",
                f"Provided Schema does not match Table {table.name}. Field {c.name} has changed type from {known[c.name.lower()].type} to {c.type}",
            )
    listed = ", ".join(values.name(known[c.name.lower()].name) for c in columns)
    rows = fill(
        change.cursor, f"{table.place} ({listed})", [known[c.name.lower()] for c in columns], sql, given
    )
    return change.touched(table), rows


def replace_table(
    context: Context,
    change: Change,
    key: Key,
    columns: Sequence[Column],
    sql: str,
    given: Sequence[str],
    settings: dict[str, Any],
    before: Table | None,
    kind: str = "TABLE",
) -> tuple[Table, int]:
    """A table anew with a query's rows, in the place of the one before."""
    moment = now_ms()
    table = Table(key, kind, tuple(columns), context.catalog.serial(), moment, moment, settings=settings)
    table = change.create_place(table)
    extra = ""
    if table.by_ingestion:
        part = settings["timePartitioning"]["type"].lower()
        extra = f"CAST(date_trunc('{part}', {values.literal(context.started, TIMESTAMP)}) AS TIMESTAMP)"
    context.cursors.append(change.cursor)
    try:
        rows = fill(change.cursor, table.place, columns, sql, given, extra)
    finally:
        context.cursors.remove(change.cursor)
    check_partitions(change.cursor, table)
    if before is not None and before.place:
        change.cursor.execute(f"DROP TABLE IF EXISTS {before.place}")
    change.put_table(table)
    return table, rows


def check_partitions(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Raises InvalidQuery when a job writes more partitions than BigQuery lets it."""
    if not table.partitioning:
        return
    row = cursor.execute(f"SELECT count(DISTINCT {partition_of(table)}) FROM {table.place}").fetchone()
    assert row is not None
    if row[0] > MOST_PARTITIONS:
        raise InvalidQuery(
            f"Too many partitions produced by query, allowed {MOST_PARTITIONS}, query produces at least {row[0]} partitions"
        )


def with_settings(table: Table, settings: dict[str, Any]) -> Table:
    return replace(table, settings=settings, modified=now_ms())
