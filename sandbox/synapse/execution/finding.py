"""Names in statements to objects of the catalog."""

from __future__ import annotations

from sandbox.synapse.catalog.things import EXTERNAL, TABLE, Object, Schema
from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.nodes import Name
from sandbox.synapse.session import Session

SYSTEM_SCHEMAS = ("sys", "information_schema")


def check_database(session: Session, name: Name, line: int) -> None:
    """A name may carry this database's name and no other's."""
    if len(name.parts) > 3 and name.parts[-4]:
        raise SqlError(104445, f"Linked servers are not supported: '{name.parts[-4]}'.", line)
    if name.database and session.state.key(name.database) not in (
        session.state.key(session.names.database),
        "tempdb",
    ):
        raise SqlError(
            40515,
            f"Reference to database and/or server name in '{'.'.join(name.parts)}' is not supported in this version of SQL Server.",
            line,
        )


def find(session: Session, name: Name, line: int) -> Object | None:
    check_database(session, name, line)
    return session.names.find(name.schema, name.last)


def schema_named(session: Session, name: str) -> Schema | None:
    return session.state.schemas.get(session.state.key(name))


def place_of(session: Session, name: Name, line: int) -> tuple[str, str]:
    """(schema, name) of an object to be made. Raises SqlError 2760 where there is no such schema."""
    check_database(session, name, line)
    wanted = name.schema or session.names.default_schema
    schema = schema_named(session, wanted)
    if schema is None or wanted.lower() in SYSTEM_SCHEMAS:
        raise SqlError(
            2760,
            f'The specified schema name "{wanted}" either does not exist or you do not have permission to use it.',
            line,
        )
    return schema.name, name.last


def table_named(session: Session, name: Name, line: int, number: int, message: str) -> Object:
    """A table; raises SqlError with the number and message (where {} is the name) if there is none."""
    found = find(session, name, line)
    if found is None or found.kind not in (TABLE, EXTERNAL):
        raise SqlError(number, message.format(".".join(part for part in name.parts if part)), line)
    return found
