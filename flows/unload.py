"""Unload: marts go back to the lake's analytics zone by the warehouse's own statement, each with a manifest.

<analytics>/<target>/<model>/<batch>-<project>/try=<n>/…, and <model>/_manifests/<batch>-<project>.json written last: files
with size, SHA-256 and rows. What no manifest names does not count: a killed unload is done anew beside what it left,
because nothing in the lake is ever overwritten.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flows.curate import manifests
from flows.errors import InputError
from flows.lake import FolderLake, Lake, open_lake
from flows.replicate import Entry, manifest_of
from flows.settings import Settings
from flows.state import project_digest
from flows.transform import run_dbt


@dataclass(frozen=True)
class Unloaded:
    """Files, rows and bytes that were written, and models that had been unloaded before."""

    files: int
    rows: int
    bytes: int
    models_before: int


def unload(settings: Settings, target: str, expected: dict[str, int | None]) -> Unloaded:
    """Unload models, by name with the rows that they have (None: not known), as they are after the newest batch.

    InputError when the files hold another number of rows: then no manifest is written. Raises DbtFailed.
    """
    lake = open_lake(settings.zone("analytics", target), settings.access)
    stamp = f"{len(manifests(settings)):06d}-{project_digest()[:8]}"
    names = {m: f"{target}/{m}/_manifests/{stamp}.json" for m in expected}
    there = {stored.name for m in expected for stored in lake.list(f"{target}/{m}/_manifests")}
    missing = [m for m in expected if names[m] not in there]
    if not missing:
        return Unloaded(0, 0, 0, len(expected))
    folders = {m: _free(lake, f"{target}/{m}/{stamp}") for m in missing}
    if target == "local":
        _by_files(settings, lake, folders)
    else:
        _run(settings, target, {m: f"{lake.uri(folder)}/" for m, folder in folders.items()})
    files = rows = size = 0
    for model, folder in folders.items():
        found = manifest_of(lake, folder)
        total = sum(e.rows or 0 for e in found)
        wanted = expected[model]
        if wanted is not None and total != wanted:
            raise InputError(
                f"target {target}: {model} has {wanted:,} rows, but what was unloaded to {lake.uri(folder)} has {total:,}; no manifest was written, run again when nobody changes the warehouse."
            )
        manifest = {"target": target, "model": model, "batch_number": int(stamp[:6]), "rows": total, "files": [asdict(e) for e in found]}  # fmt: skip
        lake.write_new(names[model], (json.dumps(manifest, indent=1) + "\n").encode())
        files, rows, size = files + len(found), rows + total, size + sum(e.size for e in found)
    return Unloaded(files, rows, size, len(expected) - len(missing))


def unloaded_files(settings: Settings, target: str, model: str, folder: Path) -> list[Path]:
    """The newest unloaded files of a model, at hand for an engine; none when it was never unloaded."""
    lake = open_lake(settings.zone("analytics", target), settings.access)
    newest = max((stored.name for stored in lake.list(f"{target}/{model}/_manifests")), default="")
    if not newest:
        return []
    entries = [Entry(**e) for e in json.loads(lake.read(newest))["files"]]
    near = lake.at_hand([e.name for e in entries], folder)
    return [near.folder / e.name for e in entries]


def _free(lake: Lake, base: str) -> str:
    """A folder that holds nothing yet: the one that a dead run wrote to stays as it is."""
    used = {stored.name.removeprefix(base + "/").split("/")[0] for stored in lake.list(base)}
    number = 1
    while f"try={number}" in used:
        number += 1
    return f"{base}/try={number}"


def _run(settings: Settings, target: str, models: dict[str, str]) -> None:
    arguments: dict[str, Any] = {"models": models}
    run_dbt(settings, target, ["run-operation", "unload_models", "--args", json.dumps(arguments)])


def _by_files(settings: Settings, lake: Lake, folders: dict[str, str]) -> None:
    """DuckDB writes files of this machine; where the lake is no folder they are carried to it."""
    scratch = settings.home / "scratch" / "unload"
    near = lake if isinstance(lake, FolderLake) else FolderLake(scratch)
    files = {model: f"{folder}/part-0.parquet" for model, folder in folders.items()}
    for file in files.values():
        (near.folder / file).parent.mkdir(parents=True, exist_ok=True)
    _run(settings, "local", {model: near.uri(file) for model, file in files.items()})
    if near is lake:
        return
    with ThreadPoolExecutor(lake.workers) as pool:
        for done in [pool.submit(lake.copy_in, near.folder / f, f) for f in files.values()]:
            done.result()
    shutil.rmtree(scratch, ignore_errors=True)
