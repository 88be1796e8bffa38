"""A small lake to work on: one delivery of a small company, captured and curated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.curate import manifests
from flows.lake import Access, open_lake
from flows.settings import Settings


def settings_of(home: Path, access: Access, **places: str) -> Settings:
    """Settings of a home folder with other places: ``lake``, or the name of a target for its copy."""
    home.mkdir(parents=True, exist_ok=True)
    found = Settings.from_environment({"CUSTOMER_360_HOME": str(home)})
    lake = places.pop("lake", found.lake)
    return replace(found, access=access, lake=lake, replicas=places)


def curated_batch(settings: Settings, number: int, files: dict[str, int]) -> None:
    """Commit a batch of Parquet files as curation does: name and rows of each, then the manifest."""
    import hashlib
    import io
    import json

    lake = open_lake(settings.curated, settings.access)
    assert len(manifests(settings)) == number - 1
    tables = []
    for name, rows in files.items():
        buffer = io.BytesIO()
        noise = [hashlib.sha256(f"{name}{n}".encode()).hexdigest() for n in range(rows)]
        pq.write_table(pa.table({"n": range(rows), "noise": noise}), buffer)
        content = buffer.getvalue()
        path = f"{name}/batch={number:06d}/part-0.parquet"
        lake.put(path, content, hashlib.sha256(content).hexdigest(), create_only=True)
        source, table = name.split("/")
        tables.append(
            {"source": source, "table": table, "rows": rows, "file": path, "bytes": len(content),
             "sha256": hashlib.sha256(content).hexdigest(), "inputs": []}
        )  # fmt: skip
    lake.write_new(
        f"_batches/{number:06d}.json", json.dumps({"batch_number": number, "tables": tables}).encode()
    )
