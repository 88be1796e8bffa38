"""ALTER TABLE.

https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql (syntax for Azure Synapse Analytics)
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import EXTERNAL, Object
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.conversion import converted
from sandbox.synapse.execution.defaults import default_text
from sandbox.synapse.execution.finding import table_named
from sandbox.synapse.execution.tables import (
    check_columns,
    column_named,
    key_of,
    make_stored,
    now,
    table_column,
)
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply


def altered_table(session: Session, name: Name, line: int, change: Change) -> Object:
    found = table_named(
        session,
        name,
        line,
        4902,
        'Cannot find the object "{}" because it does not exist or you do not have permissions.',
    )
    if found.temporary:
        raise unsupported("ALTER TABLE of a temporary table", line)
    if found.kind == EXTERNAL:
        raise SqlError(
            46518, f"The feature 'ALTER' is not supported with external tables: '{found.name}'.", line
        )
    return found


def alter_add(session: Session, statement: s.AlterTableAdd, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        added = tuple(table_column(c) for c in statement.columns)
        columns = found.columns + added
        check_columns(session, columns, found.name, statement.line)
        for definition, column in zip(statement.columns, added, strict=True):
            if column.identity is not None:
                raise SqlError(
                    104326,
                    f"ALTER TABLE ADD of the IDENTITY column '{column.name}' is not supported.",
                    statement.line,
                )
            value = (
                default_text(session, definition.default, column) if definition.default is not None else None
            )
            if not column.nullable and value is None:
                counted = session.sql(f"SELECT count(*) FROM {found.stored}").fetchone()
                if counted and counted[0]:
                    raise SqlError(
                        4901,
                        f"ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '{column.name}' cannot be added to non-empty table '{found.name}' because it does not satisfy these conditions.",
                        statement.line,
                    )
            session.sql(f"ALTER TABLE {found.stored} ADD COLUMN {quoted(column.name)} {column.type.duckdb()}")
            # rows that are there already get the default only where NULL is no answer
            if value is not None and not column.nullable:
                session.sql(f"UPDATE {found.stored} SET {quoted(column.name)} = {value}")
            if not column.nullable:
                session.sql(f"ALTER TABLE {found.stored} ALTER COLUMN {quoted(column.name)} SET NOT NULL")
        keys = found.keys + tuple(
            key_of(session, c, columns, found.name, (), statement.line) for c in statement.constraints
        )
        if len({k.kind for k in keys if k.kind == "PK"}) < len([k for k in keys if k.kind == "PK"]):
            raise SqlError(
                1779, f"Table '{found.name}' already has a primary key defined on it.", statement.line
            )
        change.put(replace(found, columns=columns, keys=keys, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_add_default(session: Session, statement: s.AlterTableAddDefault, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        wanted = column_named(found.columns, statement.column, session, statement.line)
        if wanted.default is not None:
            raise SqlError(1781, "Column already has a DEFAULT bound to it.", statement.line)
        text = (statement.constraint or f"Def_{wanted.name}", f"({statement.default_text})")
        columns = tuple(replace(c, default=text) if c is wanted else c for c in found.columns)
        change.put(replace(found, columns=columns, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_drop(session: Session, statement: s.AlterTableDrop, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        for name in statement.names:
            found = _without(session, found, statement, name)
        change.put(replace(found, modified=now()))

    session.change(make)
    reply.done(tokens.NOTHING)


def _without(session: Session, found: Object, statement: s.AlterTableDrop, name: str) -> Object:
    key = session.state.key(name)
    if statement.kind == "constraint":
        keys = tuple(k for k in found.keys if session.state.key(k.name) != key)
        columns = tuple(
            replace(c, default=None) if c.default and session.state.key(c.default[0]) == key else c
            for c in found.columns
        )
        if len(keys) == len(found.keys) and columns == found.columns:
            if statement.if_exists:
                return found
            raise SqlError(3728, f"'{name}' is not a constraint.", statement.line)
        return replace(found, keys=keys, columns=columns)
    column = next((c for c in found.columns if session.state.key(c.name) == key), None)
    if column is None:
        if statement.if_exists:
            return found
        raise SqlError(
            4924,
            f"ALTER TABLE DROP COLUMN failed because column '{name}' does not exist in table '{found.name}'.",
            statement.line,
        )
    used = (
        column.name in found.distribution_columns
        or column.name in found.index_columns
        or (found.partition and found.partition[0] == column.name)
    )
    if (
        used
        or column.default
        or any(column.name in k.columns for k in found.keys)
        or any(column.name in names for _, names in found.statistics)
    ):
        raise SqlError(
            5074,
            f"The object '{found.name}' is dependent on column '{name}'. ALTER TABLE DROP COLUMN {name} failed because one or more objects access this column.",
            statement.line,
        )
    if len(found.columns) == 1:
        raise SqlError(
            4923,
            f"ALTER TABLE DROP COLUMN failed because '{name}' is the only data column in table '{found.name}'. A table must have at least one data column.",
            statement.line,
        )
    session.sql(f"ALTER TABLE {found.stored} DROP COLUMN {quoted(column.name)}")
    return replace(found, columns=tuple(c for c in found.columns if c is not column))


def alter_column(session: Session, statement: s.AlterTableColumn, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        old = next(
            (
                c
                for c in found.columns
                if session.state.key(c.name) == session.state.key(statement.column.name)
            ),
            None,
        )
        if old is None:
            raise SqlError(
                4924,
                f"ALTER TABLE ALTER COLUMN failed because column '{statement.column.name}' does not exist in table '{found.name}'.",
                statement.line,
            )
        if old.name in found.distribution_columns:
            raise SqlError(
                5074,
                f"ALTER TABLE ALTER COLUMN {old.name} failed because the table is distributed by it.",
                statement.line,
            )
        nullable = statement.column.nullable is not False
        new = replace(
            old,
            type=statement.column.type,
            nullable=nullable,
            collation=statement.column.collation or old.collation,
        )
        columns = tuple(new if c is old else c for c in found.columns)
        # a new stored table: DuckDB's own ALTER would convert by its own rules
        fresh = replace(found, id=session.state.new_id(), columns=columns, modified=now())
        make_stored(session, fresh)
        values = ", ".join(converted(session, c, new) if c is old else quoted(c.name) for c in found.columns)
        session.sql(f"INSERT INTO {fresh.stored} SELECT {values} FROM {found.stored}")
        session.sql(f"DROP TABLE {found.stored}")
        session.sql(f'ALTER TABLE {fresh.stored} RENAME TO "t{found.id}"')
        change.put(replace(fresh, id=found.id))

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_rebuild(session: Session, statement: s.AlterTableRebuild, reply: Reply) -> None:
    """REBUILD changes how rows lie, not what they are."""
    session.change(lambda change: altered_table(session, statement.table, statement.line, change))
    reply.done(tokens.NOTHING)


def alter_partition(session: Session, statement: s.AlterTablePartition, reply: Reply) -> None:
    raise unsupported(f"ALTER TABLE … {statement.action.upper()} of partitions", statement.line)
