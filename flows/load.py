"""Load: curated batches go into a warehouse's landing tables, each file once, by dbt's run-operation."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flows.curate import manifests
from flows.lake import open_lake
from flows.settings import Settings
from flows.transform import run_dbt


@dataclass(frozen=True)
class Loaded:
    """Files and rows that were new to the target, files it had, and the newest batch it now holds."""

    files: int
    rows: int
    skipped: int
    batch: int


def load(settings: Settings, target: str) -> Loaded:
    """Load every committed batch that the target's ledger lacks; twice changes nothing. Raises DbtFailed.

    The files are read from the copy of the curated zone that lies beside the warehouse (flows/replicate.py), where
    the settings name one.
    """
    lake = open_lake(settings.zone("curated", target), settings.access)
    batches = manifests(settings)
    if target == "local":  # DuckDB reads files
        lake = lake.at_hand([t["file"] for m in batches for t in m["tables"]], settings.cache / "curated")
    files = [
        {
            "batch": m["batch_number"], "source": t["source"], "table": t["table"], "name": t["file"],
            "uri": lake.uri(t["file"]), "sha256": t["sha256"], "rows": t["rows"],
        }
        for m in batches
        for t in m["tables"]
    ]  # fmt: skip
    run = run_dbt(settings, target, ["run-operation", "load_batches", "--args", json.dumps({"files": files})])
    told = run.told["load_batches"]
    return Loaded(told["files"], told["rows"], told["skipped"], len(batches))
