"""The one DuckDB database behind all sessions: durable in a folder, or in memory."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb

from sandbox.synapse.catalog.store import State, load
from sandbox.synapse.language import install
from sandbox.synapse.language.names import CI_AS

FILE = "pool.duckdb"


class Engine:
    """Opens the database, or makes it. Raises duckdb.IOException where another process holds it."""

    def __init__(self, folder: Path | None, collation: str, user: str) -> None:
        self.collation = collation
        self.root = duckdb.connect(":memory:", config={"threads": 2})
        self._guard = threading.Lock()
        self.root.execute("SET TimeZone = 'UTC'")
        # the pool sorts NULLs first; rows come in no order unless one is asked for
        self.root.execute("SET preserve_insertion_order = false")
        if folder is None:
            self.root.execute("ATTACH ':memory:' AS stored")
        else:
            folder.mkdir(parents=True, exist_ok=True)
            place = str(folder / FILE).replace("'", "''")
            self.root.execute(f"ATTACH '{place}' AS stored")
        install(self.root)
        self.state: State = load(self.root, user, fold=collation == CI_AS)
        self._sweep()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own for one session."""
        with self._guard:
            cursor = self.root.cursor()
            install(cursor)
        return cursor

    def close(self) -> None:
        self.root.execute("CHECKPOINT stored")
        self.root.close()

    def _sweep(self) -> None:
        """Both are written in one transaction, so every stored table has its entry; a fault would show here."""
        known = {f"t{thing.id}" for thing in self.state.objects.values()}
        rows = self.root.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'stored' AND table_name <> 'catalog'"
        ).fetchall()
        for (name,) in rows:
            if name not in known:
                self.root.execute(f'DROP TABLE stored.main."{name}"')
