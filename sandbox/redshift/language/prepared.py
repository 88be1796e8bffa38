"""The language's seam: what the server gives to it and gets from it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Prepared:
    """One statement, ready for PostgreSQL.

    ``kind`` decides the command tag ("select", "insert", "create_table", …). Only the last of ``postgres`` gives the
    result that the client sees. ``facts`` is a dataclass of facts.py, or None. ``text`` is the user's own statement.
    """

    kind: str
    postgres: tuple[str, ...]
    facts: object | None = None
    text: str = ""


class Catalog(Protocol):
    """What exists: asked of PostgreSQL's catalog."""

    def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
        """(name, Redshift type text such as "numeric(18,4)") of each column; None = no such relation.

        ``schema`` None = look along the session's search path.
        """

    def version(self) -> Hashable:
        """A value that changes with every change of the catalog, or with the session's search path."""


class Session(Protocol):
    """What the connection has set."""

    @property
    def user(self) -> str: ...

    @property
    def search_path(self) -> list[str]: ...

    @property
    def case_sensitive(self) -> bool:
        """enable_case_sensitive_identifier."""
