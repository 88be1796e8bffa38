"""What the system views tell of, at one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sandbox.synapse.catalog.store import State
from sandbox.synapse.catalog.things import External, Object, PermissionEntry, Principal, Schema


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A statement that was run: a row of sys.dm_pdw_exec_requests. status: Completed, Failed, Running, Cancelled."""

    id: str
    session: str
    status: str
    start: dt.datetime
    end: dt.datetime | None
    elapsed: int
    label: str | None
    command: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A connection: a row of sys.dm_pdw_exec_sessions."""

    id: str
    process: int
    login: str
    application: str
    host: str
    since: dt.datetime
    queries: int
    transactional: bool


@dataclass(slots=True)
class Snapshot:
    """state is read while its lock is held; the lists are copies."""

    state: State
    database: str
    collation: str
    created: dt.datetime
    requests: list[RequestRecord] = field(default_factory=list)
    sessions: list[SessionRecord] = field(default_factory=list)

    @property
    def objects(self) -> list[Object]:
        return sorted(self.state.all(Object), key=lambda o: o.id)

    @property
    def schemas(self) -> list[Schema]:
        return sorted(self.state.all(Schema), key=lambda s: s.id)

    @property
    def principals(self) -> list[Principal]:
        return sorted(self.state.all(Principal), key=lambda p: p.id)

    @property
    def permissions(self) -> list[PermissionEntry]:
        return self.state.all(PermissionEntry)

    @property
    def externals(self) -> list[External]:
        return sorted(self.state.all(External), key=lambda e: e.id)

    def schema_id(self, name: str) -> int:
        schema = self.state.schemas.get(self.state.key(name))
        return schema.id if schema is not None else 0

    def principal_name(self, number: int) -> str:
        found = self.state.things.get(("Principal", str(number)))
        return found.name if isinstance(found, Principal) else ""
