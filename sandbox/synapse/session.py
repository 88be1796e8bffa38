"""One client's session: its connection to DuckDB, transaction, variables, temporary tables, options."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from sandbox.synapse.catalog import system_views
from sandbox.synapse.catalog.functions import CatalogFunctions, SessionFacts
from sandbox.synapse.catalog.names import SessionNames
from sandbox.synapse.catalog.snapshot import SessionRecord, Snapshot
from sandbox.synapse.catalog.store import Change, Conflict
from sandbox.synapse.catalog.things import Object
from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import error_of
from sandbox.synapse.language.names import Variables
from sandbox.synapse.wire import request, tokens
from sandbox.synapse.wire.reply import Reply

if TYPE_CHECKING:
    from sandbox.synapse.pool import Pool

T = TypeVar("T")
PATIENCE = 30.0  # seconds that a statement tries again where another session is in its way
ABORTED = SqlError(111213, "111213;The current transaction has aborted, and any pending changes have been rolled back. The cause of this issue is that a transaction in a rollback-only state isn't being explicitly rolled back before a DDL, DML, or SELECT statement.")  # fmt: skip
NOT_IN_TRANSACTION = "111212;Operation cannot be performed within a transaction."
NO_TRANSACTION = "111214;An attempt to complete a transaction has failed. No corresponding transaction found."


@dataclass
class Prepared:
    """sp_prepare's statement: its text and the declaration of its parameters."""

    text: str
    declaration: str


@dataclass
class Options:
    """What SET changes for a session."""

    no_count: bool = False
    only_format: bool = False
    row_count: int = 0
    implicit_transactions: bool = False
    quoted_identifier: bool = True
    parse_only: bool = False


class Cancelled(Exception):
    """The client wants no more of this request."""


@dataclass
class Scope:
    """Variables of one batch, or of one EXEC('…') inside it."""

    variables: Variables = field(default_factory=dict)


class Session:
    """See wire.connection.Session: called from one thread at a time, except cancel."""

    def __init__(self, pool: Pool, user: str, application: str, host: str, process: int, number: int) -> None:
        self.pool = pool
        self.engine = pool.engine
        self.state = pool.engine.state
        self.cursor = pool.engine.cursor()
        self.facts = SessionFacts(user, process, f"SID{number}", application)
        self.record = SessionRecord(
            self.facts.session_id,
            process,
            user,
            application,
            host,
            dt.datetime.now(dt.UTC).replace(tzinfo=None),
            0,
            False,
        )
        self.temporary: dict[str, Object] = {}
        self.options = Options()
        self.scope = Scope()
        self.prepared: dict[int, Prepared] = {}
        self._handles = itertools.count(1)
        self._cancelled = False
        self._shown: dict[str, int] = {}
        self.names = SessionNames(
            self.state, pool.view_texts, pool.database, pool.collation, self.temporary, self._show,
            CatalogFunctions(self.facts, self._constant), self._read_external,
        )  # fmt: skip

    # ---------- requests

    def batch(self, text: str, reply: Reply) -> None:
        from sandbox.synapse.execution.batches import run_text

        self._begin_request(reply)
        self.scope = Scope()
        self.pool.count(self)
        with self._guarded(reply):
            run_text(self, text, reply)

    def call(self, calls: list[request.Call], reply: Reply) -> None:
        from sandbox.synapse.execution.remote_calls import run_call

        self._begin_request(reply)
        for one in calls:
            self.scope = Scope()
            self.pool.count(self)
            with self._guarded(reply, procedure=True):
                run_call(self, one, reply)

    def transaction(self, number: int, reply: Reply) -> None:
        """A request of the transaction manager: begin, commit, roll back."""
        self._begin_request(reply)
        if number == 5:
            if self.facts.transactions == 0:
                self.begin_transaction()
            reply.raw(tokens.environment_bytes(8, self._descriptor(), b""))
        elif number in (7, 8):
            if self.facts.transactions:
                descriptor = self._descriptor()
                (self.commit_transaction if number == 7 else self.rollback_transaction)()
                reply.raw(tokens.environment_bytes(9 if number == 7 else 10, b"", descriptor))
        else:
            raise SqlError(49999, f"not supported by the stand-in: transaction manager request {number}.")
        reply.done(tokens.NOTHING)

    def reset(self, keep_transaction: bool) -> None:
        """A pooled connection is handed to somebody else: as after a new login."""
        if self.facts.transactions and not keep_transaction:
            self.rollback_transaction()
        for found in list(self.temporary.values()):
            self.cursor.execute(f"DROP TABLE IF EXISTS {found.stored}")
        self.temporary.clear()
        self.options = Options()
        self.prepared.clear()

    def cancel(self) -> None:
        self._cancelled = True
        self.cursor.interrupt()

    def close(self) -> None:
        self._cancelled = True
        try:
            if self.facts.transactions:
                self.rollback_transaction()
            self.cursor.close()
        except duckdb.Error:
            pass
        self.pool.leave(self)

    def _begin_request(self, reply: Reply) -> None:
        self._cancelled = False
        reply.in_transaction = self.facts.transactions > 0

    @contextmanager
    def _guarded(self, reply: Reply, procedure: bool = False) -> Iterator[None]:
        try:
            yield
        except Cancelled:
            # what the statement did alone is undone; an open transaction stays, as after any cancelled query
            pass
        except SqlError as problem:
            if self._cancelled:
                return
            self.facts.error = problem.number
            self.fail_transaction()
            reply.error(problem)
            if procedure:
                reply.procedure = 0
                reply.done_procedure(tokens.ERROR)
            else:
                reply.procedure = 0
                reply.done(tokens.NOTHING, status=tokens.ERROR)

    # ---------- DuckDB

    def sql(self, text: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Runs one DuckDB statement. Raises SqlError for a mistake of the user's, Conflict to try again, Cancelled."""
        if self._cancelled:
            raise Cancelled
        try:
            return self.cursor.execute(text, parameters) if parameters else self.cursor.execute(text)
        except duckdb.InterruptException:
            raise Cancelled from None
        except duckdb.TransactionException as error:
            raise Conflict(str(error)) from error
        except duckdb.Error as error:
            if _is_vanished(error):
                raise Conflict(str(error)) from error
            raise self._null_refused(error) or error_of(error) or _fault(error) from error

    def _null_refused(self, error: duckdb.Error) -> SqlError | None:
        """NULL in a column that takes none: error 515 with the table's name in place of the stored one's."""
        found = re.search(r"NOT NULL constraint failed: t(\d+)\.(.+)", str(error))
        if found is None:
            return None
        thing = self.state.things.get(("Object", found.group(1)))
        name = (
            f"{self.names.database}.{thing.schema}.{thing.name}"
            if isinstance(thing, Object)
            else "(temporary)"
        )
        return SqlError(
            515,
            f"Cannot insert the value NULL into column '{found.group(2).strip()}', table '{name}'; column does not allow nulls. INSERT fails.",
            state=2,
        )

    def rows(self, size: int) -> list[tuple[Any, ...]]:
        """The next rows of the query that runs; [] at its end."""
        if self._cancelled:
            raise Cancelled
        try:
            return self.cursor.fetchmany(size)
        except duckdb.InterruptException:
            raise Cancelled from None
        except duckdb.Error as error:
            raise error_of(error) or _fault(error) from error

    def _constant(self, text: str) -> Any:
        """The value of a DuckDB expression that names no column; duckdb.Error where it does."""
        row = self.cursor.execute(f"SELECT {text}").fetchone()
        return row[0] if row else None

    def _show(self, view: str) -> str:
        """The system view as a relation of this connection, as the catalog is now."""
        name = "shown_" + view.replace(".", "_")
        with self.state.lock:
            version = self.state.version
            if self._shown.get(view) != version or view.startswith("sys.dm_"):
                table = system_views.table(view, self.snapshot())
                self.cursor.abort()  # rows of an earlier query that nobody fetches any more
                self.cursor.register(name, table)
                self._shown[view] = version
        return f'"{name}"'

    def _read_external(self, found: Object) -> str:
        from sandbox.synapse.execution.external_tables import reading_of

        return reading_of(self, found)

    def snapshot(self) -> Snapshot:
        return self.pool.snapshot()

    # ---------- changes

    def change(self, make: Callable[[Change], T]) -> T:
        """A definition: `make` runs DuckDB statements and notes what changes in the catalog; all of it or nothing.

        Definitions are refused inside a transaction, as the pool refuses them.
        """
        if self.facts.transactions:
            raise SqlError(111212, NOT_IN_TRANSACTION)
        return self._persist(lambda: self._change_once(make))

    def _change_once(self, make: Callable[[Change], T]) -> T:
        change = Change(self.state)
        self.sql("BEGIN TRANSACTION")
        try:
            result = make(change)
            change.commit(self.sql, lambda: self.sql("COMMIT"))
        except BaseException:
            self._roll_back()
            raise
        return result

    def write(self, run: Callable[[], T]) -> T:
        """A change of rows: alone in its transaction, or part of the client's."""
        if self.facts.failed_transaction:
            raise ABORTED
        if self.facts.transactions:
            try:
                return run()
            except Conflict as conflict:
                raise SqlError(
                    1205,
                    f"Transaction (Process ID {self.facts.process}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
                    severity=13,
                ) from conflict
        return self._persist(lambda: self._write_once(run))

    def _write_once(self, run: Callable[[], T]) -> T:
        self.sql("BEGIN TRANSACTION")
        try:
            result = run()
            self.sql("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        return result

    def read(self, run: Callable[[], T]) -> T:
        """A query, tried again where a table was replaced between the look at the catalog and the look at the data."""
        if self.facts.failed_transaction:
            raise ABORTED
        if self.facts.transactions:
            try:
                return run()
            except Conflict as conflict:
                raise SqlError(
                    49999,
                    "not supported by the stand-in: a table that was made after this transaction began; begin another.",
                ) from conflict
        return self._persist(run)

    def _persist(self, attempt: Callable[[], T]) -> T:
        """Tries again while other sessions are faster, as a pool would wait for their locks."""
        until, pause = time.monotonic() + PATIENCE, 0.002
        while True:
            try:
                return attempt()
            except Conflict as conflict:
                if self._cancelled:
                    raise Cancelled from None
                if time.monotonic() > until:
                    raise SqlError(1222, "Lock request time out period exceeded.", severity=16) from conflict
                time.sleep(pause)
                pause = min(pause * 2, 0.1)

    def _roll_back(self) -> None:
        # system views that were shown since the transaction's begin are gone with it
        self._shown.clear()
        with suppress(duckdb.Error):
            self.cursor.execute("ROLLBACK")

    # ---------- transactions

    def begin_transaction(self) -> None:
        if self.facts.transactions:
            raise SqlError(111212, NOT_IN_TRANSACTION)
        self.sql("BEGIN TRANSACTION")
        self.facts.transactions = 1
        self.facts.failed_transaction = False

    def commit_transaction(self) -> None:
        if not self.facts.transactions:
            raise SqlError(111214, NO_TRANSACTION)
        if self.facts.failed_transaction:
            raise ABORTED
        try:
            self.sql("COMMIT")
        except Conflict as conflict:
            self._shown.clear()
            self._end_transaction()
            raise SqlError(
                1205,
                f"Transaction (Process ID {self.facts.process}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
                severity=13,
            ) from conflict
        self._end_transaction()

    def rollback_transaction(self) -> None:
        if not self.facts.transactions:
            raise SqlError(111214, NO_TRANSACTION)
        self._roll_back()
        self._end_transaction()

    def fail_transaction(self) -> None:
        """An error dooms the client's transaction: its changes are gone, and it waits for ROLLBACK."""
        if self.facts.transactions and not self.facts.failed_transaction:
            self._roll_back()
            self.facts.failed_transaction = True

    def _end_transaction(self) -> None:
        self.facts.transactions = 0
        self.facts.failed_transaction = False

    def _descriptor(self) -> bytes:
        return (self.facts.process + 1).to_bytes(8, "little")

    # ---------- prepared statements

    def prepare(self, text: str, declaration: str) -> int:
        handle = next(self._handles)
        self.prepared[handle] = Prepared(text, declaration)
        return handle


def _fault(error: duckdb.Error) -> SqlError:
    """What DuckDB refused and the pool would not have: a fault of the translation, told as such."""
    return SqlError(
        49999, f"not supported by the stand-in: the translated statement failed ({str(error).strip()})."
    )


def _is_vanished(error: duckdb.Error) -> bool:
    """Whether a stored table is not there (any more): it was dropped since the catalog was asked."""
    text = str(error)
    return (
        isinstance(error, duckdb.CatalogException)
        and "Table with name t" in text
        and "does not exist" in text
    )
