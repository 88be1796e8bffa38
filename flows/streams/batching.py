"""Cuts a partition into batches: by size, by number and by time, whatever comes first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from flows.streams.stream import Record, Stream


@dataclass(frozen=True)
class Limits:
    """A batch is closed at the first of: bytes of content, number of records, seconds since its first record came."""

    bytes: int
    records: int
    seconds: float


def batches(
    stream: Stream, partition: str, after: str, limits: Limits, follow_seconds: float = 0
) -> Iterator[list[Record]]:
    """Batches behind a position. Ends at the stream's present end, or ``follow_seconds`` after it began if that is later."""
    until = time.monotonic() + follow_seconds
    batch: list[Record] = []
    size, began = 0, 0.0
    for page in stream.pages(partition, after):
        for record in page:
            if not batch:
                size, began = 0, time.monotonic()
            batch.append(record)
            size += len(record.data)
            if size >= limits.bytes or len(batch) >= limits.records:
                yield batch
                batch = []
        if batch and time.monotonic() - began >= limits.seconds:
            yield batch
            batch = []
        if not page and time.monotonic() >= until:
            break
    if batch:
        yield batch
