"""Views and materialized views: a text, and the columns that it had at its creation.

https://learn.microsoft.com/sql/t-sql/statements/create-view-transact-sql
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.names import SessionNames
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import (
    MATERIALIZED,
    VIEW,
    Object,
    TableColumn,
)
from sandbox.synapse.errors import SqlError
from sandbox.synapse.execution.finding import find, place_of
from sandbox.synapse.execution.tables import now
from sandbox.synapse.language import Column, translate
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Query
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply


def view_columns(
    names: SessionNames, query: Query, listed: tuple[str, ...], view: str, line: int
) -> tuple[TableColumn, ...]:
    """The columns that a view has from its creation on. Raises SqlError 4511, 8158, 4506, and what the query gives."""
    translated = translate(query, names, {})
    columns: list[Column] = translated.columns
    if listed and len(listed) != len(columns):
        word = "more" if len(columns) > len(listed) else "fewer"
        raise SqlError(
            8158 if word == "more" else 8159,
            f"'{view}' has {word} columns than were specified in the column list.",
            line,
        )
    made: list[TableColumn] = []
    for place, column in enumerate(columns):
        name = listed[place] if listed else column.name
        if not name:
            raise SqlError(
                4511,
                f"Create View or Function failed because no column name was specified for column {place + 1}.",
                line,
            )
        if any(names.state.key(c.name) == names.state.key(name) for c in made):
            raise SqlError(
                4506,
                f"Column names in each view or function must be unique. Column name '{name}' in view or function '{view}' is specified more than once.",
                line,
            )
        made.append(TableColumn(name, column.type, column.nullable, column.collation))
    return tuple(made)


def create_view(session: Session, statement: s.CreateView, reply: Reply) -> None:
    def make(change: Change) -> None:
        schema, name = place_of(session, statement.name, statement.line)
        there = session.names.find(schema, name)
        if there is not None and (not statement.alter or there.kind != VIEW):
            raise SqlError(
                2714, f"There is already an object named '{name}' in the database.", statement.line, state=3
            )
        if there is None and statement.alter and not statement.replace:
            raise SqlError(
                208, f"Invalid object name '{'.'.join(statement.name.parts)}'.", statement.line, state=6
            )
        columns = view_columns(session.names, statement.query, statement.columns, name, statement.line)
        moment = now()
        if there is not None:
            change.put(replace(there, columns=columns, definition=statement.text, modified=moment))
        else:
            change.put(
                Object(
                    session.state.new_id(),
                    schema,
                    name,
                    VIEW,
                    moment,
                    moment,
                    columns,
                    definition=statement.text,
                )
            )

    session.change(make)
    reply.done(tokens.NOTHING)


def create_materialized_view(session: Session, statement: s.CreateMaterializedView, reply: Reply) -> None:
    """Kept as a view that is computed when it is read: a pool's materialized view always shows its tables as they are."""

    def make(change: Change) -> None:
        schema, name = place_of(session, statement.name, statement.line)
        if session.names.find(schema, name) is not None:
            raise SqlError(
                2714, f"There is already an object named '{name}' in the database.", statement.line, state=3
            )
        if statement.options.distribution not in ("HASH", "ROUND_ROBIN"):
            raise SqlError(
                104334, "A materialized view needs DISTRIBUTION = HASH(…) or ROUND_ROBIN.", statement.line
            )
        columns = view_columns(session.names, statement.query, (), name, statement.line)
        moment = now()
        change.put(
            Object(
                session.state.new_id(), schema, name, MATERIALIZED, moment, moment, columns,
                distribution=statement.options.distribution, distribution_columns=statement.options.distribution_columns,
                definition=statement.text,
            )
        )  # fmt: skip

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_materialized_view(session: Session, statement: s.AlterMaterializedView, reply: Reply) -> None:
    found = find(session, statement.name, statement.line)
    if found is None or found.kind != MATERIALIZED:
        raise SqlError(208, f"Invalid object name '{'.'.join(statement.name.parts)}'.", statement.line)
    reply.done(tokens.NOTHING)
