"""What the warehouse does by itself: the history of queries is written, materialized views with AUTO REFRESH are refreshed.

Both come a moment later than what they tell of, as on Redshift.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.redshift.catalog import literal
from sandbox.redshift.wire.backend import Backend, PostgresError
from sandbox.redshift.wire.messages import Broken

if TYPE_CHECKING:
    from sandbox.redshift.warehouse import Warehouse

PAUSE = 0.5  # seconds
MOST_AT_ONCE = 500
MOST_KEPT = 20_000  # queries per database
LONGEST_TEXT = 4000
# a history must not take part in conflicts of serializable transactions
BEGIN = "begin isolation level read committed;"
PRUNE = "delete from redshift_catalog.queries where query < (select max(query) from redshift_catalog.queries) - {}"


@dataclass(frozen=True)
class Ran:
    """A statement that ended: ``failed`` is its error."""

    database: str
    user: str
    pid: int
    kind: str
    began: datetime.datetime
    ended: datetime.datetime
    failed: str | None
    text: str


class Background:
    """One task beside the sessions."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._ran: list[Ran] = []
        self._written: set[str] = set()  # databases with new rows

    def ran(self, statement: Ran) -> None:
        self._ran.append(statement)

    def rows_changed(self, database: str) -> None:
        """A transaction of this database wrote rows."""
        self._written.add(database)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            with contextlib.suppress(PostgresError, Broken, OSError):
                await self._write_history()
                await self._refresh()

    async def _write_history(self) -> None:
        ran, self._ran = self._ran[:MOST_AT_ONCE], self._ran[MOST_AT_ONCE:]
        by_database: dict[str, list[Ran]] = {}
        for one in ran:
            by_database.setdefault(one.database, []).append(one)
        for database, statements in by_database.items():
            rows = ", ".join(self._row(one) for one in statements)
            backend = await self._warehouse.as_superuser(database)
            try:
                await backend.query(
                    f"{BEGIN} insert into redshift_catalog.queries values {rows}; {PRUNE.format(MOST_KEPT)}; commit"
                )
            finally:
                backend.close()

    def _row(self, one: Ran) -> str:
        began, ended = (moment.strftime("%Y-%m-%d %H:%M:%S.%f") for moment in (one.began, one.ended))
        text = one.text[:LONGEST_TEXT].replace("\0", "")
        return (
            f"({next(self._warehouse.queries)}, {literal(one.user)}, {one.pid}, {literal(one.kind)}, {literal(began)},"
            f" {literal(ended)}, {literal(one.failed)}, {literal(text)})"
        )

    async def _refresh(self) -> None:
        while self._written:
            database = self._written.pop()
            backend = await self._warehouse.as_superuser(database)
            try:
                await self._refresh_views(backend)
            finally:
                backend.close()

    async def _refresh_views(self, backend: Backend) -> None:
        # not serializable: a refresh that nobody asked for must not be what a client's transaction conflicts with
        await backend.query("set lock_timeout = '2s'; set default_transaction_isolation = 'read committed'")
        for schema, name in await backend.query(
            "select schema, name from redshift_catalog.automatic_materialized_views"
        ):
            with contextlib.suppress(PostgresError):  # dropped, or in use: the next change comes
                await backend.query(
                    f"select redshift_catalog.refresh_materialized_view({literal(schema)}, {literal(name)})"
                )
