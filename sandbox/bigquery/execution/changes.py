"""INSERT, UPDATE, DELETE, MERGE and TRUNCATE.

The rows that change are found first, by row number, and checked; then they change, in one transaction. BigQuery
refuses a target row that two source rows would change, and so does this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.catalog import Change, Table
from sandbox.bigquery.errors import Failure, InvalidQuery, Unsupported
from sandbox.bigquery.execution.context import PSEUDO, Context
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.execution.query import check_partitions
from sandbox.bigquery.translate import casts, usage, values
from sandbox.bigquery.translate.scans import conjuncts, under
from sandbox.bigquery.translate.translator import Translator, column_name
from sandbox.bigquery.types import Column

TWICE = "UPDATE/MERGE must match at most one source row for each target row"


class Target:
    """The table that a statement changes, and how its columns are named in the statement."""

    def __init__(self, context: Context, node: Node) -> None:
        scan = node.table_scan
        self.context = context
        path = scan.table.full_name or scan.table.name
        self.table: Table = context.table([path])
        if self.table.is_view:
            raise Failure("invalid", f"Cannot modify a view: {self.table.name}")
        if self.table.kind == "SNAPSHOT":
            raise Failure("invalid", f"Cannot modify a table snapshot: {self.table.name}")
        self.all = [*self.table.columns, *(PSEUDO[:1] if self.table.by_ingestion else ())]
        columns = [*self.table.columns, *(PSEUDO if self.table.by_ingestion else ())]
        self.read = [columns[i] for i in scan.column_index_list]
        self.numbers = [c.column_id for c in scan.column_list]
        self.by_number: dict[int, Column] = dict(zip(self.numbers, self.read, strict=True))

    @property
    def key(self) -> Any:
        return self.table.key

    def current(self) -> Table:
        """The table as it is now that the lock is held."""
        found = self.context.temporary.get(self.key[2].lower()) if self.key[1] == "_temporary" else None
        self.table = found or self.context.catalog.table(self.key)
        return self.table

    def rows(self) -> str:
        """A SELECT of the columns that the statement reads, and the row's number as target_row."""
        listed = [f"{_pseudo(c)} AS c{number}" for c, number in zip(self.read, self.numbers, strict=True)]
        return f"SELECT {', '.join([*listed, 'rowid AS target_row'])} FROM {self.table.place}"

    def note_reading(self, t: Translator, changes_rows: bool) -> None:
        """Bill the read columns and, where rows change, all columns of the partitions that may hold them."""
        extra = [c for c in self.table.columns if c not in self.read] if changes_rows else []
        self.context.reads(self.table, [*self.read, *extra], [*self.numbers, *[-1] * len(extra)], t)


def _pseudo(column: Column) -> str:
    return 'CAST("_PARTITIONTIME" AS DATE)' if column.name == "_PARTITIONDATE" else values.name(column.name)


def _default(context: Context, column: Column) -> str:
    """A column's default value, as DuckDB's SQL."""
    if column.default is None:
        return values.literal(None, column.type)
    from sandbox.bigquery.analyzer.gate import Scope
    from sandbox.bigquery.translate.translator import type_of

    node = context.warehouse.gate.expression(column.default, Scope())
    return casts.cast(context.translator({}).expression(node), type_of(node), column.type)


def _value(context: Context, t: Translator, node: Node, column: Column) -> str:
    inner = node.value if node.kind == "DMLValue" else node
    written = _default(context, column) if inner.kind == "DMLDefault" else t.expression(inner)
    return casts.stored(written, column.type)


def _partition_time(context: Context, table: Table) -> str:
    part = table.settings["timePartitioning"]["type"].lower()
    from sandbox.bigquery.types import TIMESTAMP

    return f"CAST(date_trunc('{part}', {values.literal(context.started, TIMESTAMP)}) AS TIMESTAMP)"


def _finish(context: Context, change: Change, target: Target, outcome: Outcome) -> Outcome:
    check_partitions(change.cursor, target.table)
    if target.key[1] == "_temporary":
        return outcome
    change.touched(target.table)
    return outcome


# ---------- INSERT


def insert(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    target = Target(context, node)
    t = context.translator(sources)
    t.live = usage.of_statement(node)
    columns = [target.by_number[c.column_id] for c in node.insert_column_list]
    if node.query is not None:
        outputs = ", ".join(f"{column_name(c)} AS i{i}" for i, c in enumerate(node.query_output_column_list))
        rows = f"SELECT {outputs} FROM ({t.scan(node.query)})"
    else:
        rows = " UNION ALL ".join(
            "SELECT "
            + ", ".join(
                f"{_value(context, t, v, c)} AS i{i}"
                for i, (v, c) in enumerate(zip(r.value_list, columns, strict=True))
            )
            for r in node.row_list
        )
    outcome = Outcome(
        "INSERT", target=target.key, processed=context.processed, referenced=list(context.referenced)
    )
    if context.dry_run:
        return outcome
    with context.catalog.locked(target.key), engine_errors(), context.catalog.transaction() as change:
        target.current()
        _interruptible(context, change)
        outcome.inserted = _insert(context, change, target, columns, rows)
        _done(context, change)
        return _finish(context, change, target, outcome)


def _insert(context: Context, change: Change, target: Target, columns: Sequence[Column], rows: str) -> int:
    given = [casts.stored(f"i{i}", c.type) for i, c in enumerate(columns)]
    names = [c.name for c in columns]
    for column in target.table.columns:
        if column.name not in names and (column.default is not None or column.type.element is not None):
            names.append(column.name)
            given.append(casts.stored(_default(context, column), column.type))
    if target.table.by_ingestion and "_PARTITIONTIME" not in names:
        names.append("_PARTITIONTIME")
        given.append(_partition_time(context, target.table))
    listed = ", ".join(values.name(n) for n in names)
    done = change.cursor.execute(
        f"INSERT INTO {target.table.place} ({listed}) SELECT {', '.join(given)} FROM ({rows})"
    ).fetchone()
    assert done is not None
    return int(done[0])


def _interruptible(context: Context, change: Change) -> None:
    context.cursors.append(change.cursor)


def _done(context: Context, change: Change) -> None:
    context.cursors.remove(change.cursor)


# ---------- DELETE, TRUNCATE


def delete(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    target = Target(context, node)
    t = context.translator(sources)
    t.live = usage.of_statement(node)
    with under(t, conjuncts(node.where_expr)):
        target.note_reading(t, changes_rows=True)
    condition = t.expression(node.where_expr)
    outcome = Outcome(
        "DELETE", target=target.key, processed=context.processed, referenced=list(context.referenced)
    )
    if context.dry_run:
        return outcome
    with context.catalog.locked(target.key), engine_errors(), context.catalog.transaction() as change:
        place = target.current().place
        done = change.cursor.execute(
            f"DELETE FROM {place} WHERE rowid IN (SELECT target_row FROM ({target.rows()}) WHERE {condition})"
        ).fetchone()
        outcome.deleted = int(done[0]) if done else 0
        return _finish(context, change, target, outcome)


def truncate(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    target = Target(context, node)
    outcome = Outcome("TRUNCATE_TABLE", target=target.key)
    if node.where_expr is not None:
        raise Unsupported("TRUNCATE with WHERE")
    if context.dry_run:
        return outcome
    with context.catalog.locked(target.key), engine_errors(), context.catalog.transaction() as change:
        done = change.cursor.execute(f"DELETE FROM {target.current().place}").fetchone()
        outcome.deleted = int(done[0]) if done else 0
        return _finish(context, change, target, outcome)


# ---------- UPDATE


def update(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    target = Target(context, node)
    t = context.translator(sources)
    t.live = usage.of_statement(node)
    with under(t, conjuncts(node.where_expr)):
        target.note_reading(t, changes_rows=True)
        joined = f"({target.rows()})" + (
            f" AS l CROSS JOIN ({t.scan(node.from_scan)}) AS r" if node.from_scan is not None else ""
        )
    settings = _assignments(context, t, target, node.update_item_list)
    condition = t.expression(node.where_expr)
    listed = ", ".join([f"{written} AS v{i}" for i, (_, written) in enumerate(settings)])
    rows = f"SELECT target_row, {listed} FROM {joined} WHERE {condition}"
    outcome = Outcome(
        "UPDATE", target=target.key, processed=context.processed, referenced=list(context.referenced)
    )
    if context.dry_run:
        return outcome
    with context.catalog.locked(target.key), engine_errors(), context.catalog.transaction() as change:
        target.current()
        change.cursor.execute(f"CREATE OR REPLACE TEMP TABLE changing AS {rows}")
        _check_once(change.cursor, "changing")
        outcome.updated = _update(change.cursor, target.table, "changing", [c for c, _ in settings])
        return _finish(context, change, target, outcome)


def _assignments(
    context: Context, t: Translator, target: Target, items: list[Node]
) -> list[tuple[Column, str]]:
    """The columns that are set and the values; a field of a struct is set by making the struct anew."""
    found: dict[str, tuple[Column, str]] = {}
    for item in items:
        if item.set_value is None:
            raise Unsupported("changing elements of an array")
        path: list[int] = []
        at = item.target
        while at.kind == "GetStructField":
            path.insert(0, at.field_idx)
            at = at.expr
        column = target.by_number[at.column.column_id]
        if not path:
            found[column.name] = (column, _value(context, t, item.set_value, column))
            continue
        before = found[column.name][1] if column.name in found else column_name(at.column)
        value = t.expression(item.set_value.value)
        found[column.name] = (column, _struct_with(before, column.type, path, value))
    return list(found.values())


def _struct_with(whole: str, type_: Any, path: list[int], value: str) -> str:
    fields = []
    for i, (_, inner) in enumerate(type_.fields):
        field = f"struct_extract({whole}, 'f{i}')"
        if i == path[0]:
            field = value if len(path) == 1 else _struct_with(field, inner, path[1:], value)
        fields.append(f"'f{i}': {field}")
    return "{" + ", ".join(fields) + "}"


def _check_once(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    if cursor.execute(f"SELECT 1 FROM {name} GROUP BY target_row HAVING count(*) > 1 LIMIT 1").fetchone():
        raise InvalidQuery(TWICE)


def _update(cursor: duckdb.DuckDBPyConnection, table: Table, name: str, columns: Sequence[Column]) -> int:
    listed = ", ".join(f"{values.name(c.name)} = m.v{i}" for i, c in enumerate(columns))
    done = cursor.execute(
        f"UPDATE {table.place} AS target SET {listed} FROM {name} AS m WHERE target.rowid = m.target_row"
    ).fetchone()
    return int(done[0]) if done else 0


# ---------- MERGE


def merge(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """Each row takes the first WHEN clause that fits it: matched pairs, source rows alone, target rows alone."""
    target = Target(context, node)
    t = context.translator(sources)
    t.live = usage.of_statement(node)
    clauses = node.when_clause_list
    changes_rows = any(c.action_type in ("UPDATE", "DELETE") for c in clauses)
    with under(t, _target_filter(node)):
        target.note_reading(t, changes_rows)
    source = t.scan(node.from_scan)
    condition = t.expression(node.merge_expr)
    plan = [_Clause(context, t, target, c) for c in clauses]
    outcome = Outcome(
        "MERGE", target=target.key, processed=context.processed, referenced=list(context.referenced)
    )
    if context.dry_run:
        return outcome
    with context.catalog.locked(target.key), engine_errors(), context.catalog.transaction() as change:
        target.current()
        _interruptible(context, change)
        _merge(context, change, target, source, condition, plan, outcome)
        _done(context, change)
        return _finish(context, change, target, outcome)


def _target_filter(node: Node) -> list[Node]:
    """Conditions that hold for every target row that may change.

    With ON FALSE, as for replacing partitions, they are those of the only clause for rows that no source row matches.
    """
    alone = [c for c in node.when_clause_list if c.match_type == "NOT_MATCHED_BY_SOURCE"]
    expr = node.merge_expr
    if expr.kind == "Literal" and len(alone) == 1 and alone[0].match_expr is not None:
        return conjuncts(alone[0].match_expr)
    return conjuncts(expr) if not alone else []


class _Clause:
    """One WHEN clause, translated."""

    def __init__(self, context: Context, t: Translator, target: Target, node: Node) -> None:
        self.match: str = node.match_type
        self.action: str = node.action_type
        self.condition = t.expression(node.match_expr) if node.match_expr is not None else "TRUE"
        self.assignments = (
            _assignments(context, t, target, node.update_item_list) if self.action == "UPDATE" else []
        )
        self.columns: list[Column] = []
        self.row: list[str] = []
        if self.action == "INSERT":
            self.columns = [target.by_number[c.column_id] for c in node.insert_column_list]
            self.row = [
                _value(context, t, v, c)
                for v, c in zip(node.insert_row.value_list, self.columns, strict=True)
            ]


def _merge(
    context: Context,
    change: Change,
    target: Target,
    source: str,
    condition: str,
    plan: list[_Clause],
    outcome: Outcome,
) -> None:
    cursor = change.cursor
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE merge_source AS SELECT *, row_number() OVER () AS source_row FROM ({source})"
    )
    pairs = f"SELECT * FROM ({target.rows()}) AS l JOIN merge_source AS r ON {condition}"
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE merge_pairs AS {pairs}")
    alone = "SELECT * FROM merge_source WHERE source_row NOT IN (SELECT source_row FROM merge_pairs)"
    left = f"SELECT * FROM ({target.rows()}) WHERE target_row NOT IN (SELECT target_row FROM merge_pairs)"
    rows = {
        "MATCHED": "SELECT * FROM merge_pairs",
        "NOT_MATCHED_BY_TARGET": alone,
        "NOT_MATCHED_BY_SOURCE": left,
    }
    for match, found in rows.items():
        clauses = [(i, c) for i, c in enumerate(plan) if c.match == match]
        if not clauses:
            continue
        cases = " ".join(f"WHEN {c.condition} THEN {i}" for i, c in clauses)
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE merge_{match} AS SELECT *, CASE {cases} END AS clause FROM ({found})"
        )
        if match == "MATCHED":
            _check_once_of(cursor, f"SELECT target_row FROM merge_{match} WHERE clause IS NOT NULL")
    ordered = sorted(enumerate(plan), key=lambda c: ("DELETE", "UPDATE", "INSERT").index(c[1].action))
    outcome.inserted = outcome.updated = outcome.deleted = 0
    for i, clause in ordered:
        chosen = f"FROM merge_{clause.match} WHERE clause = {i}"
        if clause.action == "DELETE":
            done = cursor.execute(
                f"DELETE FROM {target.table.place} WHERE rowid IN (SELECT target_row {chosen})"
            ).fetchone()
            outcome.deleted += int(done[0]) if done else 0
        elif clause.action == "UPDATE":
            listed = ", ".join(f"{written} AS v{n}" for n, (_, written) in enumerate(clause.assignments))
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE changing AS SELECT target_row, {listed} {chosen}")
            outcome.updated += _update(cursor, target.table, "changing", [c for c, _ in clause.assignments])
        else:
            listed = ", ".join(f"{written} AS i{n}" for n, written in enumerate(clause.row))
            outcome.inserted += _insert(context, change, target, clause.columns, f"SELECT {listed} {chosen}")


def _check_once_of(cursor: duckdb.DuckDBPyConnection, rows: str) -> None:
    if cursor.execute(f"SELECT 1 FROM ({rows}) GROUP BY target_row HAVING count(*) > 1 LIMIT 1").fetchone():
        raise InvalidQuery(TWICE)
