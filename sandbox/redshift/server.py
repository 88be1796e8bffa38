"""The listener on loopback: start-up, passwords, cancel requests, one session per connection."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import logging
import os
import socket
import struct

from sandbox.redshift import language
from sandbox.redshift.catalog import DEFAULT_PATH, bootstrap, with_ours
from sandbox.redshift.postgres import PostgresFailed
from sandbox.redshift.session import Session
from sandbox.redshift.warehouse import Warehouse
from sandbox.redshift.wire import messages
from sandbox.redshift.wire.backend import Backend, PostgresError, send_cancel
from sandbox.redshift.wire.messages import Broken, Incoming

log = logging.getLogger(__name__)
# What Redshift's parameters at start-up say that PostgreSQL knows too; drivers send more.
PASSED_ON = frozenset(("application_name", "client_encoding", "datestyle", "timezone", "extra_float_digits"))
# What Redshift reports of itself: https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-and-postgres-sql.html
REPORTED = {"server_version": "8.0.2", "server_encoding": "UNICODE", "client_encoding": "UNICODE", "integer_datetimes": "on",
            "is_superuser": "", "session_authorization": "", "DateStyle": "", "TimeZone": "", "application_name": ""}  # fmt: skip
START_SECONDS = 30.0


class Server:
    """Serves one warehouse; ``databases`` and ``users`` exist besides those that SQL makes."""

    def __init__(self, warehouse: Warehouse, databases: list[str], users: list[str]) -> None:
        self.warehouse = warehouse
        self._databases = databases
        self._users = users
        self._sessions: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """Give a fresh PostgreSQL Redshift's catalog, users and databases; know those of an old one."""
        first = await self.warehouse.as_superuser("template1")
        catalog = bootstrap() + ";\n" + language.bootstrap()
        version = hashlib.sha256(catalog.encode()).hexdigest()[:16]
        if (await first.query("select to_regnamespace('redshift_catalog')"))[0][0] is None:
            # in the template, so that CREATE DATABASE gives it to every database, and all or nothing
            await first.query(
                f"begin;\n{catalog};\ncomment on schema redshift_catalog is '{version}';\ncommit"
            )
        made = await first.query(
            "select obj_description(to_regnamespace('redshift_catalog'), 'pg_namespace')"
        )
        if made[0][0] != version:
            raise PostgresFailed(
                f"The state in {self.warehouse.postgres.folder} was made by another version of the stand-in; "
                "delete it (make sandbox-reset) and build anew."
            )
        for user in self._users:
            if not await first.query(f"select from pg_catalog.pg_roles where rolname = '{user}'"):
                await first.query(f'create role "{user}" superuser login')
        known = {row[0] for row in await first.query("select datname from pg_catalog.pg_database")}
        first.close()
        for _ in range(100):
            admin = await self.warehouse.as_superuser("postgres")
            try:
                for database in self._databases:
                    if database not in known:
                        await admin.query(f'create database "{database}"')
                        known.add(database)
                break
            except PostgresError as problem:
                if problem.fields.get("C") != "55006":  # the template is still being left
                    raise
                await asyncio.sleep(0.02)
            finally:
                admin.close()
        await self._learn_names()

    async def _learn_names(self) -> None:
        admin = await self.warehouse.as_superuser("template1")
        system = self.warehouse.names.system
        for schema, stands_before in (
            ("redshift_catalog", "pg_catalog"), ("redshift_information_schema", "information_schema"),
        ):  # fmt: skip
            rows = await admin.query(
                f"select relname from pg_catalog.pg_class where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'v')"
                f" union select proname from pg_catalog.pg_proc where pronamespace = '{schema}'::regnamespace"
            )
            system[stands_before] = (schema, frozenset(str(row[0]) for row in rows))
        admin.close()
        newest = 0
        for database in await self.databases():
            backend = await self.warehouse.as_superuser(database)
            await self.warehouse.reread_late_views(database, backend)
            last = await backend.query("select coalesce(max(query), 0) from redshift_catalog.all_queries")
            newest = max(newest, int(str(last[0][0])))
            backend.close()
        self.warehouse.queries = itertools.count(newest + 1)

    async def databases(self) -> list[str]:
        admin = await self.warehouse.as_superuser("postgres")
        rows = await admin.query(
            "select datname from pg_catalog.pg_database where datallowconn and not datistemplate"
        )
        admin.close()
        return [str(row[0]) for row in rows if row[0] != "postgres"]

    async def serve(self, listening: socket.socket, stopping: asyncio.Event) -> None:
        """Until ``stopping``; then every session ends."""
        background = asyncio.create_task(self.warehouse.background.run())
        server = await asyncio.start_server(self._connected, sock=listening, limit=messages.CHUNK)
        async with server:
            await stopping.wait()
            server.close()
            background.cancel()
            for session in list(self._sessions):
                session.cancel()
            await asyncio.gather(*self._sessions, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            with contextlib.suppress(Broken, ConnectionError):
                session = await self._begin(reader, writer)
                if session:
                    await session.run()
        except asyncio.CancelledError:
            pass
        except Exception:
            log.exception("a session ended by an error of the stand-in")
            with contextlib.suppress(OSError):
                writer.write(
                    messages.error({"S": "FATAL", "C": "XX000", "M": "internal error of the stand-in"})
                )
        finally:
            self._sessions.discard(task)
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    async def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Session | None:
        """Speak with a client until it is known; None when it wanted no session."""
        while True:
            code, body = await asyncio.wait_for(messages.start_packet(reader), START_SECONDS)
            if code in (messages.SSL_REQUEST, messages.GSS_REQUEST):
                writer.write(b"N")
            elif code == messages.CANCEL_REQUEST:
                await send_cancel(str(self.warehouse.sockets / ".s.PGSQL.5432"), body)
                return None
            elif code >> 16 == messages.PROTOCOL >> 16:
                break
            else:
                raise Broken("not a start-up message")
        asked = messages.start_parameters(body)
        user = asked.get("user", "")
        database = asked.get("database", user)
        incoming = Incoming(reader)
        # MD5, as Redshift asks; what comes back is not looked at
        writer.write(messages.message(b"R", struct.pack("!i", 5) + os.urandom(4)))
        kind, _ = await asyncio.wait_for(incoming.next(), START_SECONDS)
        if kind != b"p":
            raise Broken("no password message")
        backend = Backend(self.warehouse.sockets)
        given = {k: v for k, v in asked.items() if k.lower() in PASSED_ON}
        try:
            if database in ("postgres", "template0", "template1") or user == "rdsdb":
                raise PostgresError(
                    {"S": "FATAL", "C": "3D000", "M": f'database "{database}" does not exist'}
                )
            await backend.open(user, database, {**given, "client_encoding": "UTF8"})
            await backend.query(f"set search_path to {with_ours(DEFAULT_PATH)}")
        except PostgresError as problem:
            writer.write(messages.error(_refusal(problem, user)))
            await writer.drain()
            backend.close()
            return None
        session = Session(self.warehouse, backend, incoming, writer, user, database)
        writer.write(messages.message(b"R", struct.pack("!i", 0)))
        for name, value in REPORTED.items():
            writer.write(messages.parameter(name, value or backend.parameters.get(name, "")))
        writer.write(messages.message(b"K", struct.pack("!ii", *backend.key)))
        writer.write(messages.message(b"Z", b"I"))
        await writer.drain()
        return session


def _refusal(problem: PostgresError, user: str) -> dict[str, str]:
    """Redshift tells an unknown user no more than that the password is wrong."""
    fields = problem.fields
    if fields.get("C") in ("28000", "28P01"):
        return {"S": "FATAL", "C": "28000", "M": f'password authentication failed for user "{user}"'}
    return {k: v for k, v in fields.items() if k in "SCMDH"}
