"""Views, schemas, procedures; DROP, RENAME, moves between schemas and owners."""

from __future__ import annotations

from dataclasses import replace

from sandbox.synapse.catalog.names import SessionNames
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
    TableColumn,
)
from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.execution.finding import find, place_of, schema_named
from sandbox.synapse.execution.tables import now
from sandbox.synapse.language import Column, translate
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Name, Query
from sandbox.synapse.session import Session
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.reply import Reply

WORDS = {"table": (TABLE,), "external table": (EXTERNAL,), "view": (VIEW, MATERIALIZED), "materialized view": (MATERIALIZED,),
         "procedure": (PROCEDURE,), "function": ("FN",)}  # fmt: skip


# ---------- views


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


# ---------- schemas


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


# ---------- DROP


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


# ---------- other names and places


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
