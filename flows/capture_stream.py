"""Capture of events: a stream's records go into the raw zone as files of JSON lines, at least once.

A batch is written first and its checkpoint set afterwards, so a kill between the two repeats the batch and loses
nothing. What was written twice has the same keys, and curation keeps one of each: exactly once from there on.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from flows.lake import Lake, open_lake
from flows.settings import Settings
from flows.streams import Record, Stream, open_stream
from flows.streams.batching import Limits, batches
from flows.streams.checkpoints import Checkpoints
from flows.streams.routing import Router


@dataclass(frozen=True)
class CapturedEvents:
    """Records, files and bytes that were written, and records that belong to no table."""

    records: int
    files: int
    bytes: int
    strays: int


def capture_stream(settings: Settings, follow_seconds: float = 0) -> CapturedEvents:
    """Write what the stream holds behind the checkpoints, its partitions side by side; see flows/streams/batching.py for
    when it ends. Raises SettingsError, InputError, Unreachable."""
    stream = open_stream(settings)
    work = _Capture(
        stream,
        open_lake(settings.raw, settings.access),
        Checkpoints(settings, "capture", stream.name),
        Limits(settings.streams.batch_bytes, settings.streams.batch_records, settings.streams.batch_seconds),
        follow_seconds,
    )
    partitions = stream.partitions()
    with ThreadPoolExecutor(max(1, min(len(partitions), settings.access.workers))) as pool:
        done = list(pool.map(work.partition, partitions))
    return CapturedEvents(*(sum(values) for values in zip(*done, strict=True)))


@dataclass
class _Capture:
    stream: Stream
    raw: Lake
    checkpoints: Checkpoints
    limits: Limits
    follow_seconds: float

    def __post_init__(self) -> None:
        self.router = Router()

    def partition(self, partition: str) -> tuple[int, int, int, int]:
        records = files = size = strays = 0
        position = self.checkpoints.position(partition)
        for batch in batches(self.stream, partition, position, self.limits, self.follow_seconds):
            written, lost = self._write(partition, batch)
            self.checkpoints.set(partition, batch[-1].position, {"files": written, "records": len(batch)})
            records, files, strays = records + len(batch), files + len(written), strays + lost
            size += sum(f["bytes"] for f in written)
        return records, files, size, strays

    def _write(self, partition: str, batch: list[Record]) -> tuple[list[dict[str, Any]], int]:
        """One file per table and day of arrival; its name tells the stretch of the stream that it comes from."""
        lines: dict[str, list[bytes]] = defaultdict(list)
        strays = 0
        for record in batch:
            routed = self.router.route(record.data)
            strays += routed.event_id == ""
            lines[f"{routed.source}/{routed.table}/ingest_date={record.arrived_at:%Y-%m-%d}"].append(
                routed.line
            )
        written = []
        for folder, found in sorted(lines.items()):
            content = b"\n".join(found) + b"\n"
            name = f"{folder}/{self.stream.name}-{partition}-{batch[0].position}-{batch[-1].position}.jsonl"
            stored = self.raw.write_new(name, content)
            written.append(
                {
                    "name": name,
                    "bytes": stored.size,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "records": len(found),
                }
            )
        return written, strays
