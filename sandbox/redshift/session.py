"""One client's connection: its messages in order, each answered before the next.

The client's SQL is prepared (sandbox.redshift.language) before PostgreSQL sees anything of it. A statement that is one
PostgreSQL statement goes there by the extended protocol as the client drives it, with its parameters and formats; what needs
more is done by commands.py when the client executes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import itertools
from dataclasses import dataclass

from sandbox.redshift import commands
from sandbox.redshift.background import Ran
from sandbox.redshift.catalog import SessionCatalog, SessionState
from sandbox.redshift.language import Prepared, Refused, facts, prepare
from sandbox.redshift.warehouse import Warehouse
from sandbox.redshift.wire import messages, results
from sandbox.redshift.wire.backend import Backend, PostgresError
from sandbox.redshift.wire.messages import Broken, Incoming

QUEUE = 1000
SESSIONS = itertools.count()
# Kinds after which nothing else is known about what exists.
READS_OR_WRITES = frozenset(
    [
        "select",
        "insert",
        "update",
        "delete",
        "merge",
        "copy",
        "unload",
        "begin",
        "commit",
        "rollback",
        "set",
        "show",
        "reset",
        "explain",
        "empty",
        "analyze",
        "vacuum",
        "prepare",
        "execute",
        "deallocate",
        "declare",
        "fetch",
        "close",
        "lock",
        "comment",
        "truncate",
        "call",
    ]
)
WRITES = frozenset(("insert", "update", "delete", "merge", "copy", "truncate"))
ENDS = frozenset(("commit", "rollback", "end", "abort"))
GIVES_ROWS = frozenset(("select", "show", "explain", "fetch", "execute"))


@dataclass
class Statement:
    """What Parse names: the client's text, what it was prepared to, and when."""

    name: bytes
    sql: str
    types: bytes
    prepared: list[Prepared]
    changes: object
    formats: tuple[int, ...] = ()  # of the result's columns, by the last Bind

    @property
    def plain(self) -> bool:
        """PostgreSQL's own extended protocol runs it."""
        if len(self.prepared) != 1:
            return False
        one = self.prepared[0]
        return (
            not commands.is_own(one)
            and bool(one.postgres)
            and (len(one.postgres) == 1 or one.kind in GIVES_ROWS)
        )


class Session:
    """``backend`` is open; ``incoming`` and ``writer`` are the client's."""

    def __init__(
        self, warehouse: Warehouse, backend: Backend, incoming: Incoming, writer: asyncio.StreamWriter,
        user: str, database: str,
    ) -> None:  # fmt: skip
        self._number = next(SESSIONS)
        self.warehouse = warehouse
        self.backend = backend
        self.user = user
        self.database = database
        self._incoming = incoming
        self._writer = writer
        self._queue: asyncio.Queue[tuple[bytes, bytes] | None] = asyncio.Queue(QUEUE)
        self._statements: dict[bytes, Statement] = {}
        self._portals: dict[bytes, Statement] = {}
        self._unlike: dict[bytes, results.Unlike] = {}  # by statement
        self._failed = False  # an error since the last Sync: everything until then is skipped
        self._changed_in_transaction = False
        self._wrote = False  # rows, in the transaction that is open
        self._busy = False
        self._began = datetime.datetime.now(datetime.UTC)
        self._text = ""
        self.gone = False
        self.state = SessionState(user)
        self.catalog = SessionCatalog(self, asyncio.get_running_loop())

    # ---------- the client's side

    async def run(self) -> None:
        """Serve until the client leaves."""
        listening = asyncio.create_task(self._listen())
        try:
            while (received := await self._queue.get()) is not None:
                kind, body = received
                if kind == b"X":
                    return
                self._busy = True
                await self._answer(kind, body)
                self._busy = False
                if kind in (b"Q", b"S", b"H") or self._queue.empty():
                    await self._writer.drain()
        finally:
            listening.cancel()
            self.backend.close()

    async def _listen(self) -> None:
        try:
            while True:
                await self._queue.put(await self._incoming.next())
        except Broken:
            self.gone = True
            if self._busy:
                await self.backend.cancel()
            await self._queue.put(None)

    def send(self, *parts: bytes) -> None:
        if not self.gone:
            self._writer.write(b"".join(parts))

    async def drained(self) -> None:
        """Wait until the client took what was sent, so that a large result is not held here."""
        if not self.gone:
            await self._writer.drain()

    def send_error(self, fields: dict[str, str]) -> None:
        self._record("other", fields.get("M", ""))
        given = {k: self.warehouse.names.whole(v) for k, v in results.error(fields).items()}
        self.send(messages.error(given))

    def notice(self, text: str) -> None:
        self.send(messages.error({"S": "INFO", "C": "00000", "M": text}, b"N"))

    # ---------- messages

    async def _answer(self, kind: bytes, body: bytes) -> None:
        if kind == b"Q":
            await self._simple(_text(body))
            return
        if kind == b"S":
            self._failed = False
            self.backend.send(messages.message(b"S"))
            await self.relay(b"Z")
            return
        if self._failed:
            return
        try:
            if kind == b"P":
                await self._parse(body)
            elif kind == b"B":
                await self._bind(body)
            elif kind == b"D":
                await self._describe(body)
            elif kind == b"E":
                await self._execute(body)
            elif kind == b"C":
                await self._close(body)
            elif kind != b"H":
                raise Refused("08P01", f"message type {kind!r} is not served", "", 0)
        except (Refused, PostgresError) as problem:
            self._failed = True
            await self.fail(problem)
        except Unanswerable:
            self._failed = True

    async def fail(self, problem: Refused | PostgresError) -> None:
        """Tell the client; in a transaction, PostgreSQL too, whose transaction then has failed."""
        if isinstance(problem, Refused):
            self.send_error(refusal_fields(problem))
            if self.backend.status == b"T":
                with contextlib.suppress(PostgresError):
                    await self.backend.query("select redshift_catalog.fail()")
        else:
            self.send_error(problem.fields)

    async def _simple(self, sql: str) -> None:
        try:
            prepared = await self.prepare(sql)
            if not prepared:
                self.send(messages.message(b"I"))
            together = len(prepared) > 1 and self.backend.status == b"I"
            together = together and not any(p.kind in ENDS or p.kind == "begin" for p in prepared)
            if together:
                await self.backend.query("begin")
            try:
                for one in prepared:
                    await self.run_whole(one)
            except BaseException:
                if together:
                    await self.backend.query("rollback")
                raise
            if together:
                await self.backend.query("commit")
                self._changed_in_transaction = False
                self.warehouse.changes += 1
        except (Refused, PostgresError) as problem:
            await self.fail(problem)
        except Unanswerable:
            pass
        self.send(messages.message(b"Z", self.backend.status))

    async def _parse(self, body: bytes) -> None:
        name, sql, types = body.split(b"\0", 2)
        text = _decoded(sql)
        statement = Statement(name, text, types, await self.prepare(text), self.version)
        if len(statement.prepared) > 1:
            raise Refused("42601", "cannot insert multiple commands into a prepared statement", "", 0)
        if statement.plain:
            await self._parse_there(statement)
        elif not statement.prepared:
            self.backend.send(messages.parse(name, "", b"\0\0"), messages.message(b"H"))
            await self.relay(b"1", quiet=True)
        self.send(messages.message(b"1"))
        self._statements[name] = statement

    async def _parse_there(self, statement: Statement) -> None:
        sql = self.warehouse.names.for_postgres(statement.prepared[0].postgres[-1])
        if statement.name and statement.name in self._statements:
            self.backend.send(messages.message(b"C", b"S" + statement.name + b"\0"))
        self.backend.send(messages.parse(statement.name, sql, statement.types), messages.message(b"H"))
        await self.relay(b"1", quiet=True)

    async def _bind(self, body: bytes) -> None:
        portal, name, _rest = body.split(b"\0", 2)
        statement = self._known(name)
        if statement.changes != self.version and statement.prepared:
            # PostgreSQL would say "cached plan must not change result type", and Redshift does not
            statement.prepared = await self.prepare(statement.sql)
            statement.changes = self.version
            if statement.plain:
                await self._parse_there(statement)
        self._portals[portal] = statement
        if statement.plain or not statement.prepared:
            for earlier in statement.prepared[0].postgres[:-1] if statement.prepared else ():
                await self.backend.query(self.warehouse.names.for_postgres(earlier))
            statement.formats = results.formats_of(body)
            self.backend.send(messages.message(b"B", body), messages.message(b"H"))
            await self.relay(b"2")
        else:
            self.send(messages.message(b"2"))

    async def _describe(self, body: bytes) -> None:
        which, name = body[:1], body[1:].split(b"\0", 1)[0]
        statement = self._known(name) if which == b"S" else self._portal(name)
        if statement.plain:
            self.backend.send(messages.message(b"D", body), messages.message(b"H"))
            await self.relay(b"Tn", described=statement)
        else:
            self.send(messages.message(b"t", b"\0\0") if which == b"S" else b"", messages.message(b"n"))

    async def _execute(self, body: bytes) -> None:
        portal, _rest = body.split(b"\0", 1)
        statement = self._portal(portal)
        if not statement.prepared:
            self.send(messages.message(b"I"))
        elif statement.plain:
            self.backend.send(messages.message(b"E", body), messages.message(b"H"))
            await self.relay(b"CsI", described=statement)
            self._note(statement.prepared[0])
        else:
            await self.run_whole(statement.prepared[0], rows=False)

    async def _close(self, body: bytes) -> None:
        which, name = body[:1], body[1:].split(b"\0", 1)[0]
        if which == b"S":
            self._statements.pop(name, None)
        else:
            self._portals.pop(name, None)
        self.backend.send(messages.message(b"C", body), messages.message(b"H"))
        await self.relay(b"3")

    def _known(self, name: bytes) -> Statement:
        found = self._statements.get(name)
        if found is None:
            shown = name.decode(errors="replace")
            raise Refused("26000", f'prepared statement "{shown}" does not exist', "", 0)
        return found

    def _portal(self, name: bytes) -> Statement:
        found = self._portals.get(name)
        if found is None:
            raise Refused("34000", f'portal "{name.decode(errors="replace")}" does not exist', "", 0)
        return found

    # ---------- statements

    @property
    def version(self) -> object:
        """Changes with every change of the catalog and of this session's path; no two sessions share one."""
        return self._number, self.warehouse.changes, self.state.path_text, self.state.case_sensitive

    async def prepare(self, sql: str) -> list[Prepared]:
        """The language's reading of a text. Raises Refused, or PostgresError in a failed transaction."""
        await commands.bind_late_views(self, sql)
        self._began = datetime.datetime.now(datetime.UTC)
        self._text = sql
        prepared = await asyncio.to_thread(prepare, sql, self.catalog, self.state)
        return [commands.settled(one, self.warehouse.names) for one in prepared]

    async def run_whole(self, prepared: Prepared, rows: bool = True) -> None:
        """Run one statement and send all of its answer but ReadyForQuery. Raises Refused, PostgresError, Unanswerable."""
        try:
            await commands.run(self, prepared, rows)
        finally:
            self._note(prepared)

    async def run_there(
        self, statements: tuple[str, ...], shown: int, rows: bool = True, tag: str = ""
    ) -> None:
        """Run statements as one simple query, so all or nothing; the client sees what number ``shown`` answers."""
        whole = ";\n".join(self.warehouse.names.for_postgres(s) for s in statements)
        self.backend.send(messages.query(whole))
        await self.relay(b"Z", shown=shown, rows=rows, tag=tag, quiet=True)

    def _record(self, kind: str, failed: str | None = None) -> None:
        now = datetime.datetime.now(datetime.UTC)
        pid = self.backend.key[0]
        ran = Ran(self.database, self.user, pid, kind, self._began, now, failed, self._text)
        self.warehouse.background.ran(ran)

    def _note(self, prepared: Prepared) -> None:
        self._record(prepared.kind)
        kind, said = prepared.kind, prepared.facts
        if (
            isinstance(said, facts.Setting)
            and said.name == "enable_case_sensitive_identifier"
            and kind != "show"
        ):
            self.state.case_sensitive = (said.value or "off").lower() in ("on", "true", "1", "yes", "t")
        if kind in WRITES:
            self._wrote = True
        if self._wrote and (kind in ENDS or self.backend.status == b"I"):
            self.warehouse.background.rows_changed(self.database)
            self._wrote = False
        if kind in ENDS:
            if self._changed_in_transaction:
                self.warehouse.changes += 1
            self._changed_in_transaction = False
        elif kind not in READS_OR_WRITES:
            self.warehouse.changes += 1
            self._changed_in_transaction = self.backend.status != b"I"

    # ---------- PostgreSQL's side

    async def relay(
        self, until: bytes, quiet: bool = False, shown: int | None = None, rows: bool = True, tag: str = "",
        described: Statement | None = None,
    ) -> None:  # fmt: skip
        """Pass PostgreSQL's messages on until one of the types ``until``.

        ``quiet``: the last is not sent. ``shown``: of several statements' answers, only that one's is sent. An error is sent,
        and raises Unanswerable once PostgreSQL is ready again.
        """
        await self.backend.drain()
        number = 0
        failed = False
        incoming = self.backend.incoming
        names = self.warehouse.names
        unlike = results.Unlike()
        if described and described.name in self._unlike:
            unlike = self._unlike[described.name].in_formats(described.formats)
        while True:
            kind, body = await incoming.next()
            visible = shown is None or number == shown
            if kind == b"D":
                whole = messages.message(b"D", body) + await incoming.rows()
                if visible and rows:
                    whole = names.whole_rows(whole)
                    odd = unlike.varbytes or unlike.intervals
                    self.send(results.as_redshift_sends(whole, unlike) if odd else whole)
                    await self.drained()
                continue
            if kind == b"E":
                failed = True
                fields = messages.fields(body)
                self.send_error(fields)
                if until != b"Z" or fields.get("S") == "FATAL":
                    raise Unanswerable
                continue
            if kind == b"T":
                body, found = results.row_description(body)
                unlike = found.in_formats(described.formats if described else ())
                body = names.whole_description(body)
                if described:
                    self._unlike[described.name] = found
                if visible and rows:
                    self.send(messages.message(b"T", body))
            elif kind == b"C":
                if visible:
                    self.send(messages.complete(tag) if tag else messages.message(b"C", body))
                number += 1
            elif kind == b"Z":
                self.backend.status = body
                if not quiet:
                    self.send(messages.message(b"Z", body))
                if failed:
                    raise Unanswerable
            elif kind == b"S":
                self._parameter(body)
            elif kind == b"N":
                self.send(messages.error(results.error(messages.fields(body)), b"N"))
            elif kind != b"K" and not quiet:
                self.send(messages.message(kind, body))
            if kind in until:
                return

    def _parameter(self, body: bytes) -> None:
        name, value = body[:-1].decode().split("\0")
        if name == "search_path":
            self.state.note_path(value)
        elif name not in HIDDEN_PARAMETERS:
            self.send(messages.parameter(name, value))


class Unanswerable(Exception):
    """The statement failed, and the client has been told."""


# PostgreSQL reports these; Redshift does not.
HIDDEN_PARAMETERS = frozenset(
    ("search_path", "in_hot_standby", "default_transaction_read_only", "scram_iterations", "IntervalStyle")
)


def refusal_fields(problem: Refused) -> dict[str, str]:
    position = str(problem.position) if problem.position else ""
    return {"S": "ERROR", "C": problem.sqlstate, "M": problem.message, "H": problem.hint, "P": position}


def _text(body: bytes) -> str:
    return _decoded(body.rstrip(b"\0"))


def _decoded(sql: bytes) -> str:
    try:
        return sql.decode()
    except UnicodeDecodeError as problem:
        raise Refused("22021", f'invalid byte sequence for encoding "UTF8": {problem}', "", 0) from problem
