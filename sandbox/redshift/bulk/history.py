"""What loads and unloads leave in the STL and SYS views: written beside the session's transaction, so that it stays."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from sandbox.redshift.bulk.failures import LoadError
from sandbox.redshift.catalog import literal
from sandbox.redshift.language import facts
from sandbox.redshift.wire.backend import PostgresError

if TYPE_CHECKING:
    from sandbox.redshift.session import Session

# a history must not take part in conflicts of serializable transactions
BEGIN = "begin isolation level read committed; "


async def record_load_errors(session: Session, query: int, table_id: int, errors: list[LoadError]) -> None:
    """Rows of STL_LOAD_ERRORS."""
    pid = session.backend.key[0]
    rows = ", ".join(
        f"({query}, {table_id}, {pid}, clock_timestamp(), {literal(e.file)}, {e.line}, {literal(e.column)}, {literal(e.type)}, "
        f"{literal(e.length)}, {e.position}, {literal(e.raw_line)}, {literal(e.raw_value)}, {e.code}, {literal(e.reason)})"
        for e in errors[:1000]
    )
    await _write(session, f"insert into redshift_catalog.load_errors values {rows}")


async def record_load(
    session: Session,
    query: int,
    command: facts.CopyCommand,
    started: datetime.datetime,
    rows: int,
    files: int,
) -> None:
    """A row of SYS_LOAD_HISTORY, and what pg_last_copy_count() answers."""
    values = (
        f"{query}, {literal(command.table)}, {session.backend.key[0]}, {literal(started.strftime('%Y-%m-%d %H:%M:%S.%f'))}, "
        f"clock_timestamp(), 'success', {literal(command.source)}, {literal(command.format)}, {rows}, null, {files}, null"
    )
    await _write(session, f"insert into redshift_catalog.loads values ({values})")
    await session.backend.query(
        f"set redshift.last_copy_count to '{rows}'; set redshift.last_copy_id to '{query}'"
    )


async def _write(session: Session, statement: str) -> None:
    writer = await session.warehouse.as_superuser(session.database)
    try:
        await writer.query(f"{BEGIN}{statement.replace(chr(0), '')}; commit")
    except PostgresError:
        # a history that cannot be written is no reason to fail a load
        pass
    finally:
        writer.close()
