"""Schemas and procedures; RENAME, moves between schemas and owners."""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import (
    PROCEDURE,
    TABLE,
    Object,
    PermissionEntry,
    Principal,
    Schema,
)
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.finding import find, place_of, schema_named
from sandbox.synapse.execution.tables import now
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply


def create_schema(session: Session, statement: s.CreateSchema, reply: Reply) -> None:
    def make(change: Change) -> None:
        if schema_named(session, statement.name) is not None:
            raise SqlError(
                2714,
                f"There is already an object named '{statement.name}' in the database.",
                statement.line,
                state=6,
            )
        owner = 1
        if statement.authorization is not None:
            owner = principal_named(session, statement.authorization, statement.line).id
        change.put(Schema(session.state.new_id(), statement.name, owner))

    session.change(make)
    reply.done(tokens.NOTHING)


def principal_named(session: Session, name: str, line: int) -> Principal:
    for principal in session.state.all(Principal):
        if session.state.key(principal.name) == session.state.key(name):
            return principal
    raise SqlError(
        15151,
        f"Cannot find the user '{name}', because it does not exist or you do not have permission.",
        line,
    )


def rename_object(session: Session, statement: s.RenameObject, reply: Reply) -> None:
    rename(session, statement.name, statement.new_name, statement.column, statement.line)
    reply.done(tokens.NOTHING)


def rename(session: Session, name: Name, new_name: str, column: str | None, line: int) -> None:
    """RENAME OBJECT: the object keeps its id, rows and permissions. Raises SqlError 15225 (none), 15335 (taken)."""

    def make(change: Change) -> None:
        found = find(session, name, line)
        if found is None:
            raise SqlError(
                15225,
                f"No item by the name of '{'.'.join(p for p in name.parts if p)}' could be found in the current database, given that @itemtype was input as 'OBJECT'.",
                line,
                11,
            )
        if found.temporary:
            raise unsupported("RENAME of a temporary table", line)
        if column is not None:
            change.put(_column_renamed(session, found, column, new_name, line))
            return
        if "." in new_name and not new_name.startswith("["):
            raise SqlError(
                15336,
                f"Object '{found.name}' cannot be renamed because the new name '{new_name}' has a dot.",
                line,
            )
        if session.names.find(found.schema, new_name) is not None:
            raise SqlError(
                15335,
                f"Error: The new name '{new_name}' is already in use as a OBJECT name and would cause a duplicate that is not permitted.",
                line,
                11,
            )
        change.put(replace(found, name=new_name, modified=now()))

    session.change(make)


def _column_renamed(session: Session, found: Object, column: str, new_name: str, line: int) -> Object:
    key = session.state.key
    old = next((c for c in found.columns if key(c.name) == key(column)), None)
    if old is None or found.kind != TABLE:
        raise SqlError(
            15248,
            f"Either the parameter @objname is ambiguous or the claimed @objtype (COLUMN) is wrong: '{column}'.",
            line,
            11,
        )
    if any(key(c.name) == key(new_name) for c in found.columns):
        raise SqlError(
            15335,
            f"Error: The new name '{new_name}' is already in use as a COLUMN name and would cause a duplicate that is not permitted.",
            line,
            11,
        )
    if old.name in found.distribution_columns:
        raise SqlError(
            15336, f"Object '{old.name}' cannot be renamed because the table is distributed by it.", line
        )
    session.sql(f'ALTER TABLE {found.stored} RENAME COLUMN "{old.name}" TO "{new_name}"')

    def swapped(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new_name if n == old.name else n for n in names)

    return replace(
        found,
        columns=tuple(replace(c, name=new_name) if c is old else c for c in found.columns),
        index_columns=swapped(found.index_columns),
        keys=tuple(replace(k, columns=swapped(k.columns)) for k in found.keys),
        indexes=tuple(replace(i, columns=swapped(i.columns)) for i in found.indexes),
        statistics=tuple((n, swapped(names)) for n, names in found.statistics),
        modified=now(),
    )


def transfer(session: Session, statement: s.AlterSchemaTransfer, reply: Reply) -> None:
    def make(change: Change) -> None:
        schema = schema_named(session, statement.schema)
        if schema is None:
            raise SqlError(
                15151,
                f"Cannot alter the schema '{statement.schema}', because it does not exist or you do not have permission.",
                statement.line,
            )
        found = find(session, statement.object, statement.line)
        if found is None:
            raise SqlError(
                15151,
                f"Cannot find the object '{statement.object.last}', because it does not exist or you do not have permission.",
                statement.line,
            )
        if session.names.find(schema.name, found.name) is not None:
            raise SqlError(15530, f'The object with name "{found.name}" already exists.', statement.line)
        change.put(replace(found, schema=schema.name, modified=now()))
        # a moved object loses its permissions
        for entry in session.state.all(PermissionEntry):
            if entry.class_ == 1 and entry.id == found.id:
                change.drop(entry)

    session.change(make)
    reply.done(tokens.NOTHING)


def alter_authorization(session: Session, statement: s.AlterAuthorization, reply: Reply) -> None:
    def make(change: Change) -> None:
        owner = principal_named(session, statement.principal, statement.line)
        if statement.kind == "schema":
            schema = schema_named(session, statement.name.last)
            if schema is None:
                raise SqlError(
                    15151,
                    f"Cannot find the schema '{statement.name.last}', because it does not exist or you do not have permission.",
                    statement.line,
                )
            change.put(replace(schema, owner=owner.id))
        else:
            found = find(session, statement.name, statement.line)
            if found is None:
                raise SqlError(
                    15151,
                    f"Cannot find the object '{statement.name.last}', because it does not exist or you do not have permission.",
                    statement.line,
                )
            change.put(replace(found, owner=owner.id))

    session.change(make)
    reply.done(tokens.NOTHING)


def create_procedure(session: Session, statement: s.CreateProcedure, reply: Reply) -> None:
    def make(change: Change) -> None:
        schema, name = place_of(session, statement.name, statement.line)
        there = session.names.find(schema, name)
        if there is not None and not (statement.alter and there.kind == PROCEDURE):
            raise SqlError(
                2714, f"There is already an object named '{name}' in the database.", statement.line, state=3
            )
        if there is None and statement.alter:
            raise SqlError(208, f"Invalid object name '{'.'.join(statement.name.parts)}'.", statement.line)
        moment = now()
        if there is not None:
            change.put(replace(there, definition=statement.text, modified=moment))
        else:
            change.put(
                Object(
                    session.state.new_id(), schema, name, PROCEDURE, moment, moment, definition=statement.text
                )
            )

    session.change(make)
    reply.done(tokens.NOTHING)
