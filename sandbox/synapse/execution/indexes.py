"""Indexes and statistics: kept and listed; they change how a pool finds rows, not which.

https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-index
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import Index
from sandbox.synapse.errors import SqlError
from sandbox.synapse.execution.altering import altered_table
from sandbox.synapse.execution.finding import table_named
from sandbox.synapse.execution.tables import column_named, now
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply


def create_index(session: Session, statement: s.CreateIndex, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        names = tuple(
            column_named(found.columns, name, session, statement.line).name for name, _ in statement.columns
        )
        taken = {session.state.key(i.name) for i in found.indexes}
        if session.state.key(statement.index) in taken and not statement.drop_existing:
            raise SqlError(
                1913,
                f"The operation failed because an index or statistics with name '{statement.index}' already exists on table '{found.name}'.",
                statement.line,
            )
        if statement.kind == "NONCLUSTERED INDEX":
            kept = tuple(
                i for i in found.indexes if session.state.key(i.name) != session.state.key(statement.index)
            )
            changed = replace(
                found, indexes=(*kept, Index(statement.index, "NONCLUSTERED", names)), modified=now()
            )
        else:
            if found.index not in (None, "HEAP") and not statement.drop_existing:
                raise SqlError(
                    1902,
                    f"Cannot create more than one clustered index on table '{found.name}'. Drop the existing clustered index before creating another.",
                    statement.line,
                )
            changed = replace(found, index=statement.kind, index_columns=names, modified=now())
        change.put(changed)

    session.change(make)
    reply.done(tokens.NOTHING)


def drop_index(session: Session, statement: s.DropIndex, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = altered_table(session, statement.table, statement.line, change)
        key = session.state.key(statement.index)
        kept = tuple(i for i in found.indexes if session.state.key(i.name) != key)
        if len(kept) < len(found.indexes):
            change.put(replace(found, indexes=kept, modified=now()))
        elif found.index not in (None, "HEAP"):
            # the clustered index: the table is a heap without it
            change.put(replace(found, index="HEAP", index_columns=(), modified=now()))
        else:
            raise SqlError(
                3701,
                f"Cannot drop the index '{found.name}.{statement.index}', because it does not exist or you do not have permission.",
                statement.line,
                11,
            )

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_index(session: Session, statement: s.AlterIndex, reply: Reply) -> None:
    session.change(lambda change: altered_table(session, statement.table, statement.line, change))
    reply.done(tokens.NOTHING)


def create_statistics(session: Session, statement: s.CreateStatistics, reply: Reply) -> None:
    def make(change: Change) -> None:
        found = table_named(
            session,
            statement.table,
            statement.line,
            1088,
            'Cannot find the object "{}" because it does not exist or you do not have permissions.',
        )
        names = tuple(
            column_named(found.columns, name, session, statement.line).name for name in statement.columns
        )
        if any(session.state.key(n) == session.state.key(statement.statistics) for n, _ in found.statistics):
            raise SqlError(
                1927,
                f"There are already statistics on table '{found.name}' named '{statement.statistics}'.",
                statement.line,
            )
        if not found.temporary:
            change.put(replace(found, statistics=(*found.statistics, (statement.statistics, names))))

    session.change(make)
    reply.done(tokens.NOTHING)


def update_statistics(session: Session, statement: s.UpdateStatistics, reply: Reply) -> None:
    table_named(session, statement.table, statement.line, 2706, "Table '{}' does not exist.")
    reply.done(tokens.NOTHING)


def drop_statistics(session: Session, statement: s.DropStatistics, reply: Reply) -> None:
    def make(change: Change) -> None:
        for name in statement.names:
            table = Name(name.parts[:-1], name.at)
            found = table_named(
                session,
                table,
                statement.line,
                3701,
                "Cannot drop the statistics of '{}', because it does not exist or you do not have permission.",
            )
            kept = tuple(
                p for p in found.statistics if session.state.key(p[0]) != session.state.key(name.last)
            )
            if len(kept) == len(found.statistics):
                raise SqlError(
                    3701,
                    f"Cannot drop the statistics '{'.'.join(name.parts)}', because it does not exist or you do not have permission.",
                    statement.line,
                    11,
                )
            change.put(replace(found, statistics=kept))

    session.change(make)
    reply.done(tokens.NOTHING)
