"""What all sessions share: PostgreSQL, names, the state of the catalog, where s3:// lies."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.redshift.background import Background
from sandbox.redshift.bulk.objects import Objects
from sandbox.redshift.names import Names
from sandbox.redshift.postgres import SUPERUSER, Postgres
from sandbox.redshift.wire.backend import Backend


@dataclass
class Warehouse:
    """``changes`` counts what changes the catalog; a prepared statement older than the last change is prepared anew."""

    postgres: Postgres
    names: Names
    objects: Objects
    changes: int = 0
    late_views: dict[str, set[str]] = field(default_factory=dict)  # by database: names of late-binding views
    queries: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.background = Background(self)

    @property
    def sockets(self) -> Path:
        return self.postgres.sockets

    async def as_superuser(self, database: str) -> Backend:
        """A connection of the warehouse's own; the caller closes it."""
        backend = Backend(self.sockets)
        await backend.open(SUPERUSER, database, {"application_name": "redshift"})
        return backend

    async def reread_late_views(self, database: str, backend: Backend) -> None:
        """Which late-binding views there are, as the backend's transaction sees them."""
        rows = await backend.query("select name from redshift_catalog.late_binding_views")
        self.late_views[database] = self.late_views.get(database, set()) | {str(row[0]) for row in rows}
