"""What a statement came to: the figures and rows that the job's resource tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.bigquery.catalog import Key
from sandbox.bigquery.types import Column


@dataclass
class Outcome:
    """``place`` holds the result's rows in DuckDB, in ``columns``; ``target`` is the table that DDL or DML changed."""

    kind: str  # statementType of the REST interface
    columns: list[Column] = field(default_factory=list)
    place: str | None = None
    rows: int | None = None
    destination: Key | None = None
    target: Key | None = None
    operation: str | None = None  # ddlOperationPerformed
    inserted: int | None = None
    updated: int | None = None
    deleted: int | None = None
    processed: int = 0
    referenced: list[Key] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def affected(self) -> int | None:
        """Rows that DML changed."""
        changed = [n for n in (self.inserted, self.updated, self.deleted) if n is not None]
        return sum(changed) if changed else None
