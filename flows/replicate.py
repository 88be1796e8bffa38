"""Replicate: what the curated zone holds is carried to its copies in other clouds, and proven to be the same there.

A batch's manifest says of each file its SHA-256, bytes and rows. Every file is copied with that SHA-256 expected of
the source, then read back from the copy; the manifest follows when all of them agree. So the copy's manifests are the
record of what has arrived, what they list is not touched again, and a killed run is completed by the next.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow.parquet

from flows.curate import MANIFESTS
from flows.errors import InputError
from flows.lake import Lake, Throttle, copy_object, open_lake
from flows.settings import Settings

PARQUET = (".parquet", ".parq")  # the latter is what Synapse writes
Passed = Callable[[int, int], None]  # bytes that are there, bytes in all


@dataclass(frozen=True)
class Entry:
    """One file of a manifest: ``rows`` is None for a file that is not Parquet."""

    name: str
    size: int
    sha256: str
    rows: int | None


@dataclass(frozen=True)
class Replicated:
    """Files and bytes that were carried, files that were there and were only proven, batches that had been proven before."""

    files: int
    bytes: int
    there: int
    batches_before: int


def replicate(settings: Settings, target: str, on_progress: Passed = lambda done, total: None) -> Replicated:
    """Bring the copy of the curated zone beside ``target`` up to date; nothing to do when it shares the main lake.

    ``on_progress`` is called as bytes arrive, from any thread. InputError names the file that differs; its batch is not published then.
    """
    source = open_lake(settings.curated, settings.access)
    copy = open_lake(settings.zone("curated", target), settings.access)
    if copy.root == source.root:
        return Replicated(0, 0, 0, 0)
    throttle = Throttle(settings.access.bytes_per_second)
    arrived = {stored.name for stored in copy.list(MANIFESTS)}
    files = size = there = before = 0
    waiting = [(stored, source.read(stored.name)) for stored in source.list(MANIFESTS)]
    passed = _Tally(
        sum(e.size for stored, m in waiting if stored.name not in arrived for e in entries(m)), on_progress
    )
    for stored, manifest in waiting:
        if stored.name in arrived:
            if copy.read(stored.name) != manifest:
                raise InputError(
                    f"{copy.uri(stored.name)} differs from {source.uri(stored.name)}; one of them was changed by hand, restore it."
                )
            before += 1
            continue
        carried = carry(source, copy, entries(manifest), throttle, passed.add)
        copy.write_new(stored.name, manifest)
        files, size, there = files + carried.files, size + carried.bytes, there + carried.there
    return Replicated(files, size, there, before)


class _Tally:
    """Adds up what threads say has passed."""

    def __init__(self, total: int, told: Passed) -> None:
        self.total, self.told, self.done, self.lock = total, told, 0, threading.Lock()

    def add(self, size: int) -> None:
        with self.lock:
            self.done += size
            self.told(self.done, self.total)


def entries(manifest: bytes) -> list[Entry]:
    """The files of a curated batch."""
    return [
        Entry(t["file"], t["bytes"], t["sha256"], t["rows"])
        for t in json.loads(manifest)["tables"]
        if "file" in t
    ]


def manifest_of(lake: Lake, prefix: str) -> list[Entry]:
    """What lies below a prefix, told by reading it: for files that come without a manifest."""

    def told(name: str, size: int) -> Entry:
        return Entry(name, size, lake.sha256(name), _rows(lake, name) if name.endswith(PARQUET) else None)

    with ThreadPoolExecutor(lake.workers) as pool:
        return list(pool.map(lambda s: told(s.name, s.size), lake.list(prefix)))


def carry(
    source: Lake,
    target: Lake,
    wanted: Iterable[Entry],
    throttle: Throttle | None = None,
    passed: Callable[[int], None] = lambda size: None,
) -> Replicated:
    """Copy what the target lacks and prove all of it: size, SHA-256 and rows, read back from the target.

    Small files go side by side; a large one by itself, its parts side by side. So at most ``workers`` parts are under
    way, which bounds memory and the load on the stores.
    """
    throttle = throttle or Throttle(0)
    copied: list[int] = []

    def one(entry: Entry) -> None:
        if entry.name not in there:
            copy_object(
                source,
                entry.name,
                target,
                entry.name,
                sha256=entry.sha256,
                size=entry.size,
                throttle=throttle,
                passed=passed,
            )
            copied.append(entry.size)
        else:
            passed(entry.size)
        prove(target, entry)

    listed = list(wanted)
    folders = {e.name.rsplit("/", 1)[0] if "/" in e.name else "" for e in listed}
    there = {stored.name for folder in sorted(folders) for stored in target.list(folder)}
    with ThreadPoolExecutor(target.workers) as pool:
        for done in [pool.submit(one, e) for e in listed if e.size <= target.block_bytes]:
            done.result()
    for entry in listed:
        if entry.size > target.block_bytes:
            one(entry)
    return Replicated(len(copied), sum(copied), len(listed) - len(copied), 0)


def prove(lake: Lake, entry: Entry) -> None:
    """InputError when an object is not what its manifest says: size, content, rows."""

    def compare(what: str, there: object, told: object) -> None:
        if there != told:
            raise InputError(
                f"{lake.uri(entry.name)} has {what} {there}, but its manifest says {told}; nothing of its batch is published, delete the object and run again."
            )

    found = lake.stat(entry.name)
    if found is None:
        raise lake.missing(entry.name)
    compare("a size in bytes of", found.size, entry.size)
    digest = hashlib.sha256()
    for piece in lake.stream(entry.name, of=found):
        digest.update(piece)
    compare("a SHA-256 of", digest.hexdigest(), entry.sha256)
    if entry.rows is not None:
        compare("a number of rows of", _rows(lake, entry.name), entry.rows)


def _rows(lake: Lake, name: str) -> int:
    with lake.open(name) as content:
        return int(pyarrow.parquet.ParquetFile(content).metadata.num_rows)
