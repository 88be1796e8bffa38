"""DROP of tables, views, schemas, users, external things."""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import (
    EXTERNAL,
    MATERIALIZED,
    PROCEDURE,
    TABLE,
    VIEW,
    External,
    Object,
    PermissionEntry,
    Principal,
    Schema,
)
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.finding import find, schema_named
from sandbox.synapse.execution.objects import principal_named
from sandbox.synapse.language import statements as s
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

WORDS = {"table": (TABLE,), "external table": (EXTERNAL,), "view": (VIEW, MATERIALIZED), "materialized view": (MATERIALIZED,),
         "procedure": (PROCEDURE,), "function": ("FN",)}  # fmt: skip


def drop_objects(session: Session, statement: s.DropObjects, reply: Reply) -> None:
    temporary = [n for n in statement.names if n.last.startswith("#")]
    if temporary and len(temporary) == len(statement.names):
        _drop_temporary(session, statement)
        reply.done(tokens.NOTHING)
        return

    def make(change: Change) -> None:
        for name in statement.names:
            found = find(session, name, statement.line)
            shown = ".".join(part for part in name.parts if part)
            if found is None:
                if statement.if_exists:
                    continue
                raise SqlError(
                    3701,
                    f"Cannot drop the {statement.kind} '{shown}', because it does not exist or you do not have permission.",
                    statement.line,
                    11,
                    5,
                )
            if found.kind not in WORDS[statement.kind]:
                raise SqlError(
                    3705,
                    f"Cannot use DROP {statement.kind.upper()} with '{shown}' because '{shown}' is a {_word(found)}. Use DROP {_word(found).upper()}.",
                    statement.line,
                )
            _forget(session, change, found)

    session.change(make)
    reply.done(tokens.NOTHING)


def _word(found: Object) -> str:
    return next((word for word, kinds in WORDS.items() if found.kind in kinds), "object")


def _forget(session: Session, change: Change, found: Object) -> None:
    if found.kind in (TABLE, EXTERNAL):
        session.sql(f"DROP TABLE IF EXISTS {found.stored}")
        for place, column in enumerate(found.columns):
            if column.identity is not None:
                session.sql(f'DROP SEQUENCE IF EXISTS stored.main."q{found.id}_{place}"')
    change.drop(found)
    for entry in session.state.all(PermissionEntry):
        if entry.class_ == 1 and entry.id == found.id:
            change.drop(entry)


def _drop_temporary(session: Session, statement: s.DropObjects) -> None:
    if session.facts.transactions:
        raise SqlError(111212, "111212;Operation cannot be performed within a transaction.", statement.line)
    for name in statement.names:
        found = session.temporary.pop(session.state.key(name.last), None)
        if found is None and not statement.if_exists:
            raise SqlError(
                3701,
                f"Cannot drop the table '{name.last}', because it does not exist or you do not have permission.",
                statement.line,
                11,
                5,
            )
        if found is not None:
            session.sql(f"DROP TABLE IF EXISTS {found.stored}")


def drop_named(session: Session, statement: s.DropNamed, reply: Reply) -> None:
    def make(change: Change) -> None:
        if statement.kind == "schema":
            _drop_schema(session, statement, change)
        elif statement.kind in ("user", "role"):
            _drop_principal(session, statement, change)
        elif statement.kind in (
            "external data source",
            "external file format",
            "database scoped credential",
            "master key",
        ):
            _drop_external(session, statement, change)
        else:
            raise unsupported(f"DROP {statement.kind.upper()}", statement.line)

    session.change(make)
    reply.done(tokens.NOTHING)


def _absent(statement: s.DropNamed) -> SqlError:
    return SqlError(
        15151,
        f"Cannot drop the {statement.kind} '{statement.name}', because it does not exist or you do not have permission.",
        statement.line,
    )


def _drop_schema(session: Session, statement: s.DropNamed, change: Change) -> None:
    schema = schema_named(session, statement.name)
    if schema is None:
        if statement.if_exists:
            return
        raise _absent(statement)
    if schema.id <= 4:
        raise SqlError(15150, f"Cannot drop the schema '{schema.name}'.", statement.line)
    for found in session.state.all(Object):
        if session.state.key(found.schema) == session.state.key(schema.name):
            raise SqlError(
                3729,
                f"Cannot drop schema '{schema.name}' because it is being referenced by object '{found.name}'.",
                statement.line,
            )
    change.drop(schema)
    for entry in session.state.all(PermissionEntry):
        if entry.class_ == 3 and entry.id == schema.id:
            change.drop(entry)


def _drop_principal(session: Session, statement: s.DropNamed, change: Change) -> None:
    try:
        principal = principal_named(session, statement.name, statement.line)
    except SqlError:
        if statement.if_exists:
            return
        raise _absent(statement) from None
    if principal.id <= 4 or (principal.id >= 16384 and principal.id < 17000):
        raise SqlError(15150, f"Cannot drop the {statement.kind} '{principal.name}'.", statement.line)
    for schema in session.state.all(Schema):
        if schema.owner == principal.id:
            raise SqlError(
                15138,
                f"The database principal owns a schema in the database, and cannot be dropped: '{schema.name}'.",
                statement.line,
            )
    change.drop(principal)
    for entry in session.state.all(PermissionEntry):
        if entry.grantee == principal.id:
            change.drop(entry)
    for role in session.state.all(Principal):
        if principal.id in role.members:
            change.put(replace(role, members=tuple(m for m in role.members if m != principal.id)))


def _drop_external(session: Session, statement: s.DropNamed, change: Change) -> None:
    for thing in session.state.all(External):
        if thing.kind == statement.kind and session.state.key(thing.name) == session.state.key(
            statement.name
        ):
            option = {"external data source": "DATA_SOURCE", "external file format": "FILE_FORMAT"}.get(
                thing.kind
            )
            for found in session.state.all(Object):
                if option and dict(found.external).get(option) == thing.name:
                    raise SqlError(
                        46527,
                        f"The {thing.kind} '{thing.name}' is used by the external table '{found.name}'.",
                        statement.line,
                    )
            change.drop(thing)
            return
    if not statement.if_exists:
        raise _absent(statement)
