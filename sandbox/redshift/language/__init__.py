"""Redshift's SQL: what it refuses, and what the rest means in PostgreSQL.

A statement is parsed by a grammar of Redshift's own (parsing/), which is the first check: what Redshift has no words for does
not parse. Then it is written for PostgreSQL (writing/) with the type that Redshift gives each expression; functions, types
and places are checked on the way, and nothing has run before all of it is written.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from threading import Lock

from sandbox.redshift.language.parsing.statements import StatementReader
from sandbox.redshift.language.prepared import Catalog, Prepared, Session
from sandbox.redshift.language.refusal import Refused
from sandbox.redshift.language.tokens import END, tokens_of
from sandbox.redshift.language.writing.statements import StatementWriter

__all__ = ["Catalog", "Prepared", "Refused", "Session", "bootstrap", "prepare"]

KEPT = 512
DEEPEST = 20_000
_kept: OrderedDict[Hashable, list[Prepared]] = OrderedDict()
_lock = Lock()


def prepare(sql: str, catalog: Catalog, session: Session) -> list[Prepared]:
    """The statements of ``sql`` (one or many, or one with $1 parameters, whose count stays) for PostgreSQL.

    Raises Refused, with a position in ``sql``, for what Redshift refuses or the stand-in does not do faithfully. Each
    statement is written with the catalog as it is now: what an earlier one of the same text creates is not yet known, so a
    caller that wants its types prepares the rest again after it.
    """
    place: Hashable = (sql, bool(session.case_sensitive), catalog.version(), tuple(session.search_path))
    with _lock:
        if place in _kept:
            _kept.move_to_end(place)
            return _kept[place]
    # a sum of a thousand terms is a tree a thousand deep; Python's own limit is meant for runaway recursion
    if sys.getrecursionlimit() < DEEPEST:
        sys.setrecursionlimit(DEEPEST)
    try:
        done = _prepare(sql, catalog, session)
    except RecursionError:
        raise Refused("54001", "stack depth limit exceeded") from None
    with _lock:
        _kept[place] = done
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return done


def _prepare(sql: str, catalog: Catalog, session: Session) -> list[Prepared]:
    reader = StatementReader(tokens_of(sql, bool(session.case_sensitive)), sql)
    done: list[Prepared] = []
    while True:
        while reader.take(";"):
            pass
        if reader.token.kind == END:
            return done
        start = reader.token.start
        node = reader.statement()
        if not reader.ended:
            raise reader.unexpected()
        end = reader.tokens[reader.index - 1].end
        written = StatementWriter(catalog, session, sql).prepared(node)
        done.append(Prepared(written.kind, written.postgres, written.facts, sql[start:end]))


def bootstrap() -> str:
    """The statements that a new database needs once, run by its superuser: schema ``redshift`` and what is in it.

    Names in them are looked up when they are made, never when they run: a user may have a table "date", which is then a
    type, and it must not be taken for the real one. They can be run again.
    """
    files = sorted((Path(__file__).parent / "bootstrap").glob("*.sql"))
    made = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return (
        f"create schema if not exists redshift;\nset search_path = pg_catalog;\n{made}\nreset search_path;\n"
    )
