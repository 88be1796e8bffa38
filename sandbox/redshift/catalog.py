"""What the language asks of the catalog and of the session, and the names of our system relations."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.redshift.session import Session

SYSTEM = Path(__file__).parent / "system"
OURS = ("redshift_catalog", "pg_catalog")
DEFAULT_PATH = '"$user", public'


def bootstrap() -> str:
    """The statements that give a new database Redshift's catalog."""
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(SYSTEM.glob("*.sql")))


def literal(text: str | None) -> str:
    """A text as PostgreSQL's literal."""
    if text is None:
        return "null"
    return "'" + text.replace("'", "''") + "'"


class SessionState:
    """Settings of a session that change what a statement means (language.Session)."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.path_text = DEFAULT_PATH
        self.case_sensitive = False

    @property
    def search_path(self) -> list[str]:
        names = [part.strip().strip('"') for part in self.path_text.split(",")]
        return [self.user if name == "$user" else name for name in names]

    def note_path(self, reported: str) -> None:
        """PostgreSQL reports the search path whenever it changes; ours are at its end."""
        parts = [part.strip() for part in reported.split(",")]
        self.path_text = ", ".join(part for part in parts if part.strip('"') not in OURS)


def with_ours(path: str) -> str:
    """A search path for PostgreSQL: the user's, then ours, whose names win over pg_catalog's."""
    return ", ".join([path, *OURS] if path.strip() else OURS)


class SessionCatalog:
    """Columns of relations, kinds and functions of one's own, as the session's transaction sees them.

    Called from the thread that prepares.
    """

    def __init__(self, session: Session, loop: asyncio.AbstractEventLoop) -> None:
        self._session = session
        self._loop = loop
        self._known: dict[tuple[str | None, str], list[tuple[str, str]] | None] = {}
        self._functions: dict[tuple[str | None, str], str | None] = {}
        self._version: object = None

    def version(self) -> Hashable:
        return self._session.version

    def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        """(name, Redshift's type) of each column; None = no such relation."""
        self._forget_what_is_old()
        key = (schema, name)
        if key not in self._known:
            asked = asyncio.run_coroutine_threadsafe(self._ask(schema, name), self._loop)
            self._known[key] = asked.result()
        return self._known[key]

    def function(self, schema: str | None, name: str) -> str | None:
        """Redshift's type that a function of one's own returns ("opaque": it depends on the arguments); None = there is none.

        ``schema`` None = look along the session's search path.
        """
        self._forget_what_is_old()
        key = (schema, name)
        if key not in self._functions:
            rows = self._told("select type from redshift_catalog.function_of", schema, name)
            self._functions[key] = str(rows[0][0] or "opaque") if rows else None
        return self._functions[key]

    def kind(self, schema: str | None, name: str) -> str | None:
        """table, view or other; None = no such relation."""
        rows = self._told("select redshift_catalog.kind_of", schema, name)
        return None if rows[0][0] is None else str(rows[0][0])

    def _told(self, asked: str, schema: str | None, name: str) -> list[list[str | None]]:
        names = self._session.warehouse.names
        sql = f"{asked}({literal(schema and names.short(schema))}, {literal(names.short(name))})"
        return asyncio.run_coroutine_threadsafe(self._session.backend.query(sql), self._loop).result()

    def _forget_what_is_old(self) -> None:
        if self._session.version != self._version:
            self._known.clear()
            self._functions.clear()
            self._version = self._session.version

    async def _ask(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        names = self._session.warehouse.names
        schema, name = schema and names.short(self._system(schema, name)), names.short(name)
        rows = await self._session.backend.query(
            f"select name, type from redshift_catalog.columns_of({literal(schema)}, {literal(name)})"
        )
        if not rows:
            there = f"select redshift_catalog.relation_of({literal(schema)}, {literal(name)})"
            if (await self._session.backend.query(there))[0][0] is None:
                return None
        return [(names.whole(str(row[0])), str(row[1])) for row in rows]

    def _system(self, schema: str, name: str) -> str:
        return self._session.warehouse.names.system_schema(schema, name)
