"""Curate: raw files become typed, checked Parquet that every warehouse can load; what is refused is kept with its reason.

One run makes one batch out of all raw files that no batch holds yet. The manifest, written last and create-only, is
the commit: until it is there, nothing of the batch exists for anyone, and a killed run leaves nothing that counts.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from flows.contracts import Table, read_contracts
from flows.curation.checking import check, drop_repeats
from flows.curation.reading import literal, quoted, read_raw, row_numbers
from flows.errors import InputError
from flows.lake import FolderLake, Lake, open_lake
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
        return Batch(number=0)
    number = len(before) + 1
    # the engine reads files: where the lake is no folder, copies of this batch's files
    near = raw.at_hand([n for t in tables for n in waiting[t.full_name]], settings.cache / "raw")
    scratch = settings.home / "scratch" / "curate"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with duckdb.connect(
            str(scratch / "batch.duckdb"),
            config={"memory_limit": "6GB", "temp_directory": str(scratch / "spill")},
        ) as connection:
            work = _Work(settings, connection, scratch, number, near)
            finished = [work.table(table, waiting[table.full_name], before) for table in tables]
        for entry, files in finished:
            for file, name, lake in files:
                stored = (curated if lake == "curated" else quarantine).adopt(file, name)
                if lake == "curated":
                    entry.update(file=name, sha256=stored.sha256, bytes=stored.size)
        manifest: dict[str, Any] = {"batch_number": number, "tables": [entry for entry, _ in finished]}
        _commit(curated, number, manifest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if near is not raw:
        shutil.rmtree(near.folder, ignore_errors=True)  # committed: these files are never read again
    return Batch(number, manifest["tables"])


def _commit(curated: Lake, number: int, manifest: dict[str, Any]) -> None:
    name = f"{MANIFESTS}/{number:06d}.json"
    if curated.exists(name):
        raise InputError(
            f"batch {number} was committed by another curation meanwhile; run again to curate what is left."
        )
    curated.write_new(name, (json.dumps(manifest, indent=1) + "\n").encode())


@dataclass
class _Work:
    settings: Settings
    connection: duckdb.DuckDBPyConnection
    scratch: Path
    number: int
    raw: FolderLake

    def table(
        self, table: Table, names: list[str], before: list[dict[str, Any]]
    ) -> tuple[dict[str, Any], list[tuple[Path, str, str]]]:
        """Curate one table into the scratch folder: its manifest entry, and the files to adopt."""
        for column in table.columns:
            if column.must_exist_in:
                self._known(column.must_exist_in, before)
        read_raw(self.connection, self.raw, table, names)
        check(self.connection, table)
        read = self._count("raw")
        duplicates = drop_repeats(self.connection, table)
        rejected = self._count("checked where refused_because is not null")
        folder = self.scratch / table.source / table.name
        folder.mkdir(parents=True)
        base = f"{table.source}/{table.name}/batch={self.number:06d}"
        files: list[tuple[Path, str, str]] = []
        reasons: dict[str, int] = {}
        if rejected:
            refused = self._refused(table)
            (folder / "rejected.jsonl").write_text(
                "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in refused), encoding="utf-8"
            )
            self._stop_above_threshold(table, read, rejected, refused, folder / "rejected.jsonl")
            for record in refused:
                reasons[record["kind"]] = reasons.get(record["kind"], 0) + 1
            files.append((folder / "rejected.jsonl", f"{base}/rejected.jsonl", "quarantine"))
        columns = ", ".join(
            [
                *(quoted(c.name) for c in table.columns),
                "change_operation",
                "change_committed_at",
                "change_log_position",
            ]
        )
        part = folder / "part-0.parquet"
        self.connection.execute(
            f"copy (select {columns}, cast({self.number} as bigint) as load_batch_number from checked where refused_because is null order by record_number) to {literal(str(part))} (format parquet, compression snappy)"
        )
        files.append((part, f"{base}/part-0.parquet", "curated"))
        rows = self._count("checked where refused_because is null")
        entry = {
            "source": table.source,
            "table": table.name,
            "read": read,
            "rows": rows,
            "rejected": rejected,
            "reasons": reasons,
            "duplicates": duplicates,
            "inputs": names,
        }
        return entry, files

    def _count(self, what: str) -> int:
        return int(self.connection.execute(f"select count(*) from {what}").fetchall()[0][0])

    def _known(self, reference: str, before: list[dict[str, Any]]) -> None:
        """Table 'known source.table.column': the values curated so far, in earlier batches and in this one."""
        name = quoted("known " + reference)
        source, table, column = reference.split(".")
        names = [
            t["file"] for m in before for t in m["tables"] if (t["source"], t["table"]) == (source, table)
        ]
        curated = open_lake(self.settings.curated, self.settings.access)
        near = curated.at_hand(names, self.settings.cache / "curated")
        files = [near.uri(file) for file in names]
        part = self.scratch / source / table / "part-0.parquet"
        files += [str(part)] if part.exists() else []
        values = (
            f"select distinct {quoted(column)} as value from read_parquet([{', '.join(map(literal, files))}])"
            if files
            else "select null::varchar as value where false"
        )
        self.connection.execute(f"create or replace table {name} as {values}")

    def _refused(self, table: Table) -> list[dict[str, Any]]:
        """The refused records with file, row, kind and reason."""
        columns = [c.name for c in table.columns]
        values = ", ".join(quoted("raw " + c) for c in columns)
        rows = self.connection.execute(
            f"select raw_file, refused_because, raw_record, {values} from checked where refused_because is not null order by raw_file, record_number"
        ).fetchall()
        numbers: dict[str, dict[Any, int]] = {}
        refused = []
        for file, reason, record, *fields in rows:
            if file not in numbers:
                numbers[file] = row_numbers(self.raw, table, file)
            looked_up = record if table.format == "stream_jsonl" else tuple(value or "" for value in fields)
            refused.append(
                {
                    "table": table.full_name,
                    "file": file,
                    "row": numbers[file].get(looked_up),
                    "kind": kind_of(reason),
                    "reason": reason,
                    "record": record if record is not None else dict(zip(columns, fields, strict=True)),
                }
            )
        return refused

    def _stop_above_threshold(
        self, table: Table, read: int, rejected: int, refused: list[dict[str, Any]], evidence: Path
    ) -> None:
        threshold = self.settings.quarantine_threshold
        if rejected <= threshold * read:
            return
        kept = self.settings.home / "refused" / f"{table.source}-{table.name}.jsonl"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(evidence, kept)
        first = refused[0]
        raise InputError(
            f"{table.full_name}: file {first['file']}, row {first['row']} is refused because {first['reason']}; with it {rejected} of {read} records "
            f"are refused, more than {threshold:.2%} allows, so the batch stops and nothing of it is kept; all are listed in {kept}."
        )


def kind_of(reason: str) -> str:
    """The family of a reason, for counting."""
    for words, kind in (
        ("required but empty", "missing required value"),
        ("lies in the future", "time in the future"),
        ("not one of", "value not accepted"),
        ("which is not in", "no such reference"),
        ("characters, more than", "text too long"),
        ("duplicate key", "duplicate key"),
        ("not a JSON", "not JSON"),
        ("unknown field", "unknown field"),
        ("which is no", "wrong type"),
    ):
        if words in reason:
            return kind
    return "other"
