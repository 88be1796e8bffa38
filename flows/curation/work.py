"""Curates one table of a batch after another, on one engine."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

from flows.contracts import Table
from flows.curation.checking import checked
from flows.curation.drift import drift
from flows.curation.engine import Engine, distinct_values
from flows.curation.refusals import refused_records
from flows.curation.repeats import repeats, without_repeats
from flows.curation.structure import layouts
from flows.errors import InputError
from flows.lake import Lake, open_lake
from flows.settings import Settings

Finished = tuple[dict[str, Any], list[tuple[Path, str, str]]]


@dataclass
class Work:
    """One batch: its number, where its raw files are, and a folder of this machine for what is not committed yet."""

    settings: Settings
    engine: Engine
    scratch: Path
    number: int
    raw: Lake

    def table(self, table: Table, names: list[str], before: list[dict[str, Any]]) -> Finished:
        """Curate one table into the scratch folder: its manifest entry, and the files to adopt."""
        engine = self.engine
        known = {
            c.must_exist_in: self._known(f"known_{i}", c.must_exist_in, before)
            for i, c in enumerate(table.columns)
            if c.must_exist_in
        }
        files = layouts(self.raw, table, names)
        raw = engine.read(self.raw, table, files)
        first = engine.keep("checked", checked(table, raw, known))
        again = engine.keep("repeats", repeats(table, first))
        ((read, rejected, noted),) = engine.rows(
            first.aggregate(
                read=first.count(),
                rejected=first.refused_because.count(),
                noted=first.unknown.count() + first.widened.count(),
            )
        )
        ((repeated, same),) = engine.rows(
            again.aggregate(repeated=again.count(), same=again.same.cast("int64").sum().fill_null(0))
        )
        judged = without_repeats(table, first, again) if repeated else first
        refused = judged.filter(judged.refused_because.notnull())
        rejected += repeated - same
        folder = self.scratch / table.source / table.name
        folder.mkdir(parents=True)
        base = f"{table.source}/{table.name}/batch={self.number:06d}"
        adopted: list[tuple[Path, str, str]] = []
        reasons: dict[str, int] = {}
        if rejected:
            evidence = refused_records(engine, self.raw, table, raw, refused)
            kept = folder / "rejected.jsonl"
            kept.write_text(
                "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in evidence), encoding="utf-8"
            )
            self._stop_above_threshold(table, read, rejected, evidence, kept)
            reasons = dict(Counter(record["kind"] for record in evidence))
            adopted.append((kept, f"{base}/rejected.jsonl", "quarantine"))
        part = folder / "part-0.parquet"
        engine.write(self._good(table, judged), part)
        adopted.append((part, f"{base}/part-0.parquet", "curated"))
        entry = {
            "source": table.source,
            "table": table.name,
            "read": read,
            "rows": read - rejected - same,
            "rejected": rejected,
            "reasons": reasons,
            "duplicates": same,
            "inputs": names,
        }
        if noted or any(layout.broken for layout, _ in files):
            entry["drift"] = drift(engine, first)
        return entry, adopted

    def _good(self, table: Table, judged: ir.Table) -> ir.Table:
        """The rows of the curated file, in the order of delivery."""
        good = judged.filter(judged.refused_because.isnull()).order_by("record_number")
        return good.select(
            *(c.name for c in table.columns),
            "change_operation",
            "change_committed_at",
            "change_log_position",
            load_batch_number=ibis.literal(str(self.number)).cast(
                "int64"
            ),  # a number alone would be a narrow one
        )

    def _known(self, name: str, reference: str, before: list[dict[str, Any]]) -> ir.Table:
        """The values curated so far, in earlier batches and in this one."""
        source, table, column = reference.split(".")
        files = [
            t["file"] for m in before for t in m["tables"] if (t["source"], t["table"]) == (source, table)
        ]
        curated = open_lake(self.settings.curated, self.settings.access)
        near = curated.at_hand(files, self.settings.cache / "curated")
        own = self.scratch / source / table / "part-0.parquet"
        return self.engine.keep_values(name, distinct_values(near, files, column, own))

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
