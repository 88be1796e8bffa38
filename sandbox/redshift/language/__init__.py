"""Redshift's SQL: what it refuses, and what the rest means in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from sandbox.redshift.language.prepared import Catalog, Prepared, Session
from sandbox.redshift.language.refusal import Refused

__all__ = ["Catalog", "Prepared", "Refused", "Session", "bootstrap", "prepare"]


def prepare(sql: str, catalog: Catalog, session: Session) -> list[Prepared]:
    """The statements of ``sql`` (one or many, or one with $1 parameters, whose count stays) for PostgreSQL.

    Raises Refused, with a position in ``sql``, for what Redshift refuses or the stand-in does not do faithfully.
    """
    return [Prepared("select", (sql,), None, sql)]


def bootstrap() -> str:
    """The statements that a new database needs once, run by its superuser: schema ``redshift`` and what is in it.

    All names are qualified: it does not matter what the search path is, then or later.
    """
    return (Path(__file__).parent / "functions.sql").read_text(encoding="utf-8")
