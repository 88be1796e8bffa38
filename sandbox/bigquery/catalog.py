"""What exists: datasets, tables, views and routines, and where the rows of a table lie in DuckDB.

Each description is a row of a table in the same DuckDB file as the data, written in the same transaction: after a
kill both are there or neither is. A table that is replaced gets a new place; readers of the old one finish undisturbed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from sandbox.bigquery.engine.connection import open_engine
from sandbox.bigquery.errors import Failure, NotFound
from sandbox.bigquery.translate.values import name as quoted
from sandbox.bigquery.types import Column, of_field

Key = tuple[str, str, str]  # project, dataset, table or routine
STORE, RESULTS = "store", "results"


COPIED_SETTINGS = (
    "timePartitioning",
    "rangePartitioning",
    "clustering",
    "requirePartitionFilter",
    "description",
    "labels",
)


def now_ms() -> int:
    return int(dt.datetime.now(dt.UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Dataset:
    """A dataset; ``settings`` are the fields of its REST resource that a client may set."""

    project: str
    name: str
    location: str
    created: int
    modified: int
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table or view. ``settings`` are fields of its REST resource: description, labels, timePartitioning and so on.

    ``serial`` names the place of the rows and is the table's number for the analyzer; ``version`` counts changes of rows.
    """

    key: Key
    kind: str  # TABLE, VIEW, MATERIALIZED_VIEW, SNAPSHOT
    columns: tuple[Column, ...]
    serial: int
    created: int
    modified: int
    query: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    grants: tuple[tuple[str, str], ...] = ()  # privilege, grantee
    version: int = 0
    place: str = ""

    @property
    def name(self) -> str:
        """As BigQuery writes it in messages."""
        return f"{self.key[0]}:{self.key[1]}.{self.key[2]}"

    @property
    def is_view(self) -> bool:
        return self.kind in ("VIEW", "MATERIALIZED_VIEW")

    @property
    def partitioning(self) -> dict[str, Any] | None:
        """timePartitioning or rangePartitioning of the REST resource."""
        told: dict[str, Any] | None = self.settings.get("timePartitioning") or self.settings.get(
            "rangePartitioning"
        )
        return told

    @property
    def by_ingestion(self) -> bool:
        told = self.settings.get("timePartitioning")
        return told is not None and "field" not in told

    @property
    def needs_filter(self) -> bool:
        return bool(self.settings.get("requirePartitionFilter"))

    @property
    def copied_settings(self) -> dict[str, Any]:
        """The settings that a copy of the table takes over."""
        return {name: value for name, value in self.settings.items() if name in COPIED_SETTINGS}


@dataclass(frozen=True)
class RoutineEntry:
    """A SQL function of a user: its REST resource, and what the analyzer needs."""

    key: Key
    resource: dict[str, Any]
    created: int
    modified: int


class Catalog:
    """The store. Reading is free; a change happens inside ``transaction`` and is seen when that has committed."""

    def __init__(self, folder: Path | None, location: str = "EU") -> None:
        self.location = location
        self.engine = open_engine()
        target = ":memory:"
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            target = str(folder / "store.duckdb")
        self.engine.execute(f"ATTACH '{target}' AS {STORE}")
        self.engine.execute(f"ATTACH ':memory:' AS {RESULTS}")
        self.engine.execute(
            f"CREATE TABLE IF NOT EXISTS {STORE}.main.entries (kind VARCHAR, project VARCHAR, dataset VARCHAR, name VARCHAR, body VARCHAR)"
        )
        self.datasets: dict[tuple[str, str], Dataset] = {}
        self.tables: dict[Key, Table] = {}
        self.routines: dict[Key, RoutineEntry] = {}
        self._locks: dict[Any, threading.RLock] = {}
        self._guard = threading.Lock()
        self._serial = 0
        self._read()

    def _read(self) -> None:
        rows = self.engine.execute(f"SELECT kind, body FROM {STORE}.main.entries").fetchall()
        for kind, body in rows:
            told = json.loads(body)
            if kind == "dataset":
                dataset = Dataset(**told)
                self.datasets[dataset.project, dataset.name] = dataset
            elif kind == "table":
                told["key"] = tuple(told["key"])
                told["columns"] = tuple(of_field(c) for c in told["columns"])
                told["grants"] = tuple(tuple(g) for g in told["grants"])
                self.tables[told["key"]] = Table(**told)
            else:
                told["key"] = tuple(told["key"])
                self.routines[told["key"]] = RoutineEntry(**told)
        self._serial = max((t.serial for t in self.tables.values()), default=0)

    def serial(self) -> int:
        with self._guard:
            self._serial += 1
            return self._serial

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the one instance."""
        return self.engine.cursor()

    @contextmanager
    def locked(self, key: Any) -> Iterator[None]:
        """Changes of one table wait for each other, as BigQuery queues them."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.RLock())
        with lock:
            yield

    @contextmanager
    def transaction(self) -> Iterator[Change]:
        """Everything in it is kept, or nothing."""
        change = Change(self, self.cursor())
        change.cursor.execute("BEGIN")
        try:
            yield change
            change.cursor.execute("COMMIT")
        except BaseException:
            change.abandon()
            raise
        finally:
            change.cursor.close()
        change.publish()

    # ---------- looking up

    def dataset(self, project: str, name: str) -> Dataset:
        found = self.datasets.get((project, name))
        if found is None:
            raise NotFound(f"Not found: Dataset {project}:{name} was not found in location {self.location}")
        return found

    def table(self, key: Key) -> Table:
        found = self.tables.get(key)
        if found is not None and _expired(found):
            found = None
        if found is None:
            self.dataset(key[0], key[1])
            raise NotFound(
                f"Not found: Table {key[0]}:{key[1]}.{key[2]} was not found in location {self.location}"
            )
        return found

    def exists(self, key: Key) -> bool:
        return key in self.tables and not _expired(self.tables[key])

    def routine(self, key: Key) -> RoutineEntry:
        found = self.routines.get(key)
        if found is None:
            self.dataset(key[0], key[1])
            raise NotFound(f"Not found: Routine {key[0]}:{key[1]}.{key[2]}")
        return found

    def tables_of(self, project: str, dataset: str) -> list[Table]:
        """In the order of their names."""
        return [t for k, t in sorted(self.tables.items()) if k[:2] == (project, dataset) and not _expired(t)]


def _expired(table: Table) -> bool:
    until = table.settings.get("expirationTime")
    return until is not None and int(until) <= now_ms()


class Change:
    """A transaction of the store: rows change by ``cursor``, descriptions by the methods."""

    def __init__(self, catalog: Catalog, cursor: duckdb.DuckDBPyConnection) -> None:
        self.catalog = catalog
        self.cursor = cursor
        self._done: list[tuple[dict[Any, Any], Any, Any]] = []

    def abandon(self) -> None:
        # the error that brought us here has already ended the transaction
        with contextlib.suppress(duckdb.Error):
            self.cursor.execute("ROLLBACK")

    def publish(self) -> None:
        for mapping, key, value in self._done:
            if value is None:
                mapping.pop(key, None)
            else:
                mapping[key] = value

    def _write(self, kind: str, key: tuple[str, str, str], body: dict[str, Any] | None) -> None:
        self.cursor.execute(
            f"DELETE FROM {STORE}.main.entries WHERE kind = ? AND project = ? AND dataset = ? AND name = ?",
            [kind, *key],
        )
        if body is not None:
            self.cursor.execute(
                f"INSERT INTO {STORE}.main.entries VALUES (?, ?, ?, ?, ?)", [kind, *key, json.dumps(body)]
            )

    def put_dataset(self, dataset: Dataset) -> None:
        self._write("dataset", (dataset.project, dataset.name, ""), asdict(dataset))
        self._done.append((self.catalog.datasets, (dataset.project, dataset.name), dataset))

    def drop_dataset(self, dataset: Dataset, with_contents: bool) -> None:
        """Raises Failure when it is not empty and its contents are not to go."""
        tables = [t for t in self.catalog.tables.values() if t.key[:2] == (dataset.project, dataset.name)]
        routines = [k for k in self.catalog.routines if k[:2] == (dataset.project, dataset.name)]
        if (tables or routines) and not with_contents:
            raise Failure("resourceInUse", f"Dataset {dataset.project}:{dataset.name} is still in use")
        for table in tables:
            self.drop_table(table)
        for key in routines:
            self.drop_routine(key)
        self._write("dataset", (dataset.project, dataset.name, ""), None)
        self._done.append((self.catalog.datasets, (dataset.project, dataset.name), None))

    def put_table(self, table: Table) -> None:
        body = {**asdict(table), "columns": [c.field() for c in table.columns]}
        self._write("table", table.key, body)
        self._done.append((self.catalog.tables, table.key, table))

    def drop_table(self, table: Table) -> None:
        if table.place:
            self.cursor.execute(f"DROP TABLE IF EXISTS {table.place}")
        self._write("table", table.key, None)
        self._done.append((self.catalog.tables, table.key, None))

    def put_routine(self, routine: RoutineEntry) -> None:
        self._write("routine", routine.key, asdict(routine))
        self._done.append((self.catalog.routines, routine.key, routine))

    def drop_routine(self, key: Key) -> None:
        self._write("routine", key, None)
        self._done.append((self.catalog.routines, key, None))

    def create_place(self, table: Table) -> Table:
        """Make the empty DuckDB table of a table; gives the table that knows its place."""
        place = f"{STORE}.main.t{table.serial}"
        listed = [
            f"{quoted(c.name)} {c.type.engine}{' NOT NULL' if c.required else ''}" for c in table.columns
        ]
        if table.by_ingestion:
            listed.append('"_PARTITIONTIME" TIMESTAMP')
        self.cursor.execute(f"CREATE TABLE {place} ({', '.join(listed)})")
        return replace(table, place=place)

    def touched(self, table: Table) -> Table:
        """The table after a change of its rows."""
        changed = replace(table, version=table.version + 1, modified=now_ms())
        self.put_table(changed)
        return changed
