"""Curate: raw files become typed, checked Parquet that every warehouse can load; what is refused is kept with its reason.

One run makes one batch out of all raw files that no batch holds yet. The manifest, written last and create-only, is
the commit: until it is there, nothing of the batch exists for anyone, and a killed run leaves nothing that counts.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flows.contracts import read_contracts
from flows.errors import InputError
from flows.lake import Lake, open_lake
from flows.settings import PROJECT, Settings

MANIFESTS = "_batches"


@dataclass
class Batch:
    """One curated batch: its number (0: there was nothing to do) and one entry per table that had files."""

    number: int
    tables: list[dict[str, Any]] = field(default_factory=list)

    def total(self, what: str) -> int:
        """Sum of 'read', 'rows', 'rejected', 'duplicates' or 'files' over the tables."""
        return sum(len(t["inputs"]) if what == "files" else t[what] for t in self.tables)


def manifests(settings: Settings) -> list[dict[str, Any]]:
    """The committed batches, oldest first."""
    lake = open_lake(settings.curated, settings.access)
    return [json.loads(lake.read(stored.name)) for stored in lake.list(MANIFESTS)]


def curate(settings: Settings) -> Batch:
    """Curate what is new. InputError names file, row and reason when a file is unusable or too much is refused."""
    # the expressions and their library are needed here alone, and others only ask for the manifests
    from flows.curation.engine import open_engine
    from flows.curation.work import Work

    raw, curated, quarantine = (
        open_lake(settings.raw, settings.access),
        open_lake(settings.curated, settings.access),
        open_lake(settings.quarantine, settings.access),
    )
    before = manifests(settings)
    done = {name for m in before for t in m["tables"] for name in t["inputs"]}
    waiting: dict[str, list[str]] = defaultdict(list)
    for stored in raw.list():
        if stored.name not in done and stored.name.count("/") >= 2:
            source, table, _ = stored.name.split("/", 2)
            waiting[f"{source}.{table}"].append(stored.name)
    tables = [t for t in read_contracts(PROJECT) if waiting[t.full_name]]
    if not tables:
        _show(settings, before)  # a killed run may have committed a batch and no more
        return Batch(number=0)
    number = len(before) + 1
    scratch = settings.home / "scratch" / "curate"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        engine = open_engine(settings.curation_engine, scratch, settings.access)
        try:
            near = engine.near(raw, [n for t in tables for n in waiting[t.full_name]], settings.cache / "raw")
            work = Work(settings, engine, scratch, number, near)
            finished = [work.table(table, waiting[table.full_name], before) for table in tables]
        finally:
            engine.close()
        for entry, files in finished:
            for file, name, lake in files:
                stored = (curated if lake == "curated" else quarantine).adopt(file, name)
                if lake == "curated":
                    entry.update(file=name, sha256=stored.sha256, bytes=stored.size)
        manifest: dict[str, Any] = {"batch_number": number, "tables": [entry for entry, _ in finished]}
        _commit(curated, number, manifest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    shutil.rmtree(
        settings.cache / "raw", ignore_errors=True
    )  # committed: copies of its files are never read again
    _show(settings, [*before, manifest])
    return Batch(number, manifest["tables"])


def _show(settings: Settings, batches: list[dict[str, Any]]) -> None:
    """Bring the catalog up to date, where there is one."""
    if settings.glue_database and batches:
        from flows.glue_catalog import register

        register(settings, batches)


def _commit(curated: Lake, number: int, manifest: dict[str, Any]) -> None:
    name = f"{MANIFESTS}/{number:06d}.json"
    if curated.exists(name):
        raise InputError(
            f"batch {number} was committed by another curation meanwhile; run again to curate what is left."
        )
    curated.write_new(name, (json.dumps(manifest, indent=1) + "\n").encode())
