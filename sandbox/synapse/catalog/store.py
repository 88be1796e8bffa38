"""The catalog's state: read from DuckDB at the start, held in memory, changed in the transaction that changes the data."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import duckdb

from sandbox.synapse.catalog.things import (
    OWNER,
    PUBLIC,
    External,
    Object,
    PermissionEntry,
    Principal,
    Schema,
    Thing,
    from_text,
    to_text,
)

Id = tuple[str, str]  # the kind of thing and its id in it, as text
T = TypeVar("T")
ENTRIES = 'stored.main."catalog"'


class Conflict(Exception):
    """Another session has changed the same thing meanwhile; the statement can be tried again."""


def id_of(thing: Thing) -> Id:
    kind = type(thing).__name__
    if isinstance(thing, PermissionEntry):
        return kind, f"{thing.grantee}/{thing.class_}/{thing.id}/{thing.permission}"
    return kind, str(thing.id)


class State:
    """What is committed. Guarded by `lock`, which a committing session holds."""

    def __init__(self, things: list[Thing], fold: bool) -> None:
        self.lock = threading.RLock()
        self.version = 0
        self.fold = fold  # names are the same whatever their case
        self.things: dict[Id, Thing] = {}
        self.objects: dict[tuple[str, str], Object] = {}
        self.schemas: dict[str, Schema] = {}
        for thing in things:
            self._put(thing)
        used = [t.id for t in things if isinstance(t, Object | Schema | Principal | External)]
        used += [key.id for t in things if isinstance(t, Object) for key in t.keys]
        self._ids = itertools.count(max([1_000_000, *used]) + 1)

    def new_id(self) -> int:
        return next(self._ids)

    def key(self, name: str) -> str:
        return name.lower() if self.fold else name

    def apply(self, changes: dict[Id, Thing | None]) -> None:
        with self.lock:
            for found, thing in changes.items():
                old = self.things.pop(found, None)
                if isinstance(old, Object):
                    place = (self.key(old.schema), self.key(old.name))
                    if self.objects.get(place) is old:
                        del self.objects[place]
                elif isinstance(old, Schema):
                    self.schemas.pop(self.key(old.name), None)
                if thing is not None:
                    self._put(thing)
            self.version += 1

    def _put(self, thing: Thing) -> None:
        self.things[id_of(thing)] = thing
        if isinstance(thing, Object):
            self.objects[(self.key(thing.schema), self.key(thing.name))] = thing
        elif isinstance(thing, Schema):
            self.schemas[self.key(thing.name)] = thing

    def all(self, kind: type[T]) -> list[T]:
        with self.lock:
            return [t for t in self.things.values() if isinstance(t, kind)]


class Change:
    """What one statement changes; nothing of it is seen before commit."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._new: dict[Id, Thing | None] = {}
        self._seen: dict[Id, Thing | None] = {}

    def put(self, thing: Thing) -> None:
        self._note(id_of(thing), thing)

    def drop(self, thing: Thing) -> None:
        self._note(id_of(thing), None)

    def _note(self, found: Id, thing: Thing | None) -> None:
        self._seen.setdefault(found, self.state.things.get(found))
        self._new[found] = thing

    def commit(self, write: Callable[[str, list[Any]], Any], commit: Callable[[], Any]) -> None:
        """Writes the entries with `write`, ends the transaction with `commit`, and shows the change to all.

        Raises Conflict where another session was faster.
        """
        for (kind, key), thing in self._new.items():
            write(f"DELETE FROM {ENTRIES} WHERE kind = ? AND id = ?", [kind, key])
            if thing is not None:
                write(f"INSERT INTO {ENTRIES} VALUES (?, ?, ?)", [kind, key, to_text(thing)])
        with self.state.lock:
            for found, before in self._seen.items():
                if self.state.things.get(found) is not before:
                    raise Conflict
            for place in self._places():
                raise Conflict(place)
            commit()
            self.state.apply(self._new)

    def _places(self) -> Iterator[str]:
        """Names that this change takes and that another object has taken meanwhile."""
        for thing in self._new.values():
            if isinstance(thing, Object):
                there = self.state.objects.get((self.state.key(thing.schema), self.state.key(thing.name)))
                if there is not None and there.id != thing.id and id_of(there) not in self._new:
                    yield thing.name
            elif isinstance(thing, Schema):
                schema = self.state.schemas.get(self.state.key(thing.name))
                if schema is not None and schema.id != thing.id:
                    yield thing.name


def first_things(user: str) -> list[Thing]:
    """What a new pool holds."""
    now = dt.datetime(2000, 1, 1)
    principals = [
        Principal(PUBLIC, "public", "R", now),
        Principal(OWNER, "dbo", "S", now, "dbo"),
        Principal(2, "guest", "S", now, "guest"),
        Principal(3, "INFORMATION_SCHEMA", "S", now),
        Principal(4, "sys", "S", now),
    ]
    roles = ["db_owner", "db_accessadmin", "db_securityadmin", "db_ddladmin", "db_backupoperator", "db_datareader",
             "db_datawriter", "db_denydatareader", "db_denydatawriter"]  # fmt: skip
    principals += [Principal(16384 + n, name, "R", now) for n, name in enumerate(roles)]
    del user
    return [
        *principals,
        Schema(1, "dbo"),
        Schema(2, "guest", 2),
        Schema(3, "INFORMATION_SCHEMA", 3),
        Schema(4, "sys", 4),
    ]


def load(connection: duckdb.DuckDBPyConnection, user: str, fold: bool) -> State:
    """The state that the store holds; a new store gets its first things."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {ENTRIES} (kind VARCHAR, id VARCHAR, body VARCHAR)")
    rows = connection.execute(f"SELECT kind, body FROM {ENTRIES}").fetchall()
    things = [from_text(kind, body) for kind, body in rows]
    if not things:
        things = first_things(user)
        connection.execute("BEGIN")
        for thing in things:
            kind, key = id_of(thing)
            connection.execute(f"INSERT INTO {ENTRIES} VALUES (?, ?, ?)", [kind, key, to_text(thing)])
        connection.execute("COMMIT")
    return State(things, fold)
