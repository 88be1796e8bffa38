"""SELECT, INSERT, UPDATE, DELETE, MERGE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.synapse.catalog.things import EXTERNAL, MATERIALIZED, TABLE, Object
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution import tables
from sandbox.synapse.language import (
    Change,
    translate,
    translate_delete,
    translate_insert,
    translate_merge,
    translate_update,
)
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.names import VariableValue
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply
from sandbox.synapse.wire.rows import RowWriter

ROWS_AT_ONCE = 2000


def select(session: Session, statement: s.SelectStatement, reply: Reply) -> None:
    if statement.into is not None:
        counted = tables.fill_from(
            session, statement, statement.into, (), s.TableOptions(distribution="ROUND_ROBIN")
        )
        _counted(session, reply, tokens.SELECT, counted)
        return
    rows = session.read(lambda: _select(session, statement, reply))
    _counted(session, reply, tokens.SELECT, rows)


def _select(session: Session, statement: s.SelectStatement, reply: Reply) -> int:
    translated = translate(statement.query, session.names, session.scope.variables)
    sql = translated.duckdb
    if session.options.only_format:
        sql = f"SELECT * FROM ({sql}) LIMIT 0"
    elif session.options.row_count:
        sql = f"SELECT * FROM ({sql}) LIMIT {session.options.row_count}"
    session.sql(sql)
    # the first rows are taken before anything is sent, so that most errors come before the columns
    rows = session.rows(ROWS_AT_ONCE)
    if translated.variables:
        _assign(session, translated.variables, rows)
        return len(rows)
    writer = RowWriter(translated.columns, session.names.collation)
    first = writer.write(rows)
    reply.columns(translated.columns)
    reply.raw(first)
    counted = len(rows)
    while len(rows) == ROWS_AT_ONCE:
        rows = session.rows(ROWS_AT_ONCE)
        reply.raw(writer.write(rows))
        counted += len(rows)
    return counted


def _assign(session: Session, variables: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """SELECT @x = …: the last row's values stay; without rows nothing changes."""
    if rows:
        if len(rows) == ROWS_AT_ONCE:
            more = rows
            while len(more) == ROWS_AT_ONCE:
                more = session.rows(ROWS_AT_ONCE)
                rows = more or rows
        for name, value in zip(variables, rows[-1], strict=True):
            known = session.scope.variables.get(name.lower())
            if known is None:
                raise SqlError(137, f'Must declare the scalar variable "{name}".', severity=15)
            session.scope.variables[name.lower()] = VariableValue(known.type, value)


def _counted(session: Session, reply: Reply, command: int, rows: int) -> None:
    session.facts.row_count = rows
    reply.done(command, None if session.options.no_count else rows)


def _changed(session: Session, make: Callable[[], Change], merge: s.Merge | None = None) -> int:
    """Runs a change of rows; gives how many rows it changed."""

    def run() -> int:
        change = make()
        found = session.names.find(*change.table)
        _check_table(change, found, merge)
        for query, problem in change.checks:
            if session.sql(query).fetchone() is not None:
                raise problem
        if session.options.only_format:
            return 0
        row = session.sql(change.duckdb).fetchone()
        return int(row[0]) if row else 0

    return session.write(run)


def _check_table(change: Change, found: Object | None, merge: s.Merge | None) -> None:
    shown = ".".join(part for part in change.table if part)
    if found is None:
        raise SqlError(208, f"Invalid object name '{shown}'.")
    if found.kind == EXTERNAL:
        raise SqlError(46519, f"DML Operations are not supported with external tables: '{shown}'.")
    if found.kind == MATERIALIZED:
        raise SqlError(104347, f"Rows of the materialized view '{shown}' cannot be changed.")
    if found.kind != TABLE:
        raise unsupported(f"a change of rows through the view '{shown}'")
    if merge is not None and change.inserts and found.distribution != "HASH":
        raise SqlError(
            100087,
            f"100087;MERGE statement with WHEN NOT MATCHED [BY TARGET] clause is supported for HASH distributed target tables only: '{shown}' is {found.distribution}.",
            merge.line,
        )


def insert(session: Session, statement: s.Insert, reply: Reply) -> None:
    def make() -> Change:
        found = session.names.find(statement.table.schema, statement.table.last)
        identity = None
        if found is not None:
            identity = next((c.name for c in found.columns if c.identity is not None), None)
        change = translate_insert(statement, session.names, session.scope.variables, identity=identity)
        if identity is not None and identity in change.columns:
            raise SqlError(
                544,
                f"Cannot insert explicit value for identity column in table '{statement.table.last}' when IDENTITY_INSERT is set to OFF.",
                statement.line,
            )
        return change

    _counted(session, reply, tokens.INSERT, _changed(session, make))


def insert_execute(session: Session, statement: s.InsertExecute, reply: Reply) -> None:
    raise unsupported("INSERT … EXEC", statement.line)


def update(session: Session, statement: s.Update, reply: Reply) -> None:
    def make() -> Change:
        change = translate_update(statement, session.names, session.scope.variables)
        found = session.names.find(*change.table)
        for column in found.columns if found else ():
            fixed = column.identity is not None or (
                found is not None and column.name in found.distribution_columns
            )
            if fixed and any(
                session.state.key(name) == session.state.key(column.name) for name, _ in statement.assignments
            ):
                if column.identity is not None:
                    raise SqlError(8102, f"Cannot update identity column '{column.name}'.", statement.line)
                raise SqlError(
                    104336,
                    f"Updating the distribution key column '{column.name}' is not supported.",
                    statement.line,
                )
        return change

    _counted(session, reply, tokens.UPDATE, _changed(session, make))


def delete(session: Session, statement: s.Delete, reply: Reply) -> None:
    _counted(
        session,
        reply,
        tokens.DELETE,
        _changed(session, lambda: translate_delete(statement, session.names, session.scope.variables)),
    )


def merge(session: Session, statement: s.Merge, reply: Reply) -> None:
    rows = _changed(
        session, lambda: translate_merge(statement, session.names, session.scope.variables), statement
    )
    _counted(session, reply, tokens.MERGE, rows)
