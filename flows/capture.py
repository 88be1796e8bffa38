"""Capture: new files of the systems of record go into the raw zone, once and for ever."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.contracts import read_contracts
from flows.errors import InputError
from flows.lake import Lake, Stored, Throttle, copy_object, open_lake
from flows.settings import PROJECT, Settings

FIRST_DAY = "1970-01-01"  # ingest_date of a full load, which has no day in its name


@dataclass(frozen=True)
class Captured:
    """How many files were new, and how many were already there."""

    new_files: int
    known_files: int
    new_bytes: int


def raw_name(source: str, table: str, file_name: str) -> str:
    """Name in the raw zone: partitioned by the day in the file's name."""
    day = re.search(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d{2}\d)", file_name)
    ingest_date = "-".join(day.groups()) if day else FIRST_DAY
    return f"{source}/{table}/ingest_date={ingest_date}/{file_name}"


def capture(settings: Settings) -> Captured:
    """Copy what is new. A name that came before with other content is an InputError; nothing is overwritten.

    A file whose version (folder: size and modification time; object store: its own) is that of its capture is not
    read again; the journal of these is a shortcut only, and without it every file is compared by content.
    """
    if not settings.outboxes and not settings.company.is_dir():
        raise InputError(
            f"folder {settings.company} of the systems of record cannot be reached; run `make company` or set CUSTOMER_360_HOME."
        )
    lake = open_lake(settings.raw, settings.access)
    throttle = Throttle(settings.access.bytes_per_second)
    journal_path = settings.state / "capture.json"
    journal: dict[str, list[Any]] = _read_journal(journal_path, lake)
    waiting: list[tuple[Lake, Stored, str]] = []
    known_files = 0
    for table in read_contracts(PROJECT):
        outbox = open_lake(settings.outbox(table.source), settings.access)
        for found in outbox.list(f"{table.source}/{table.name}"):
            name = raw_name(table.source, table.name, found.name.rsplit("/", 1)[-1])
            if journal.get(name) == [found.size, found.version]:
                known_files += 1
            else:
                waiting.append((outbox, found, name))

    def take(file: tuple[Lake, Stored, str]) -> bool:
        """True when the file was new."""
        outbox, found, name = file
        was_there = lake.exists(name)
        copy_object(outbox, found.name, lake, name, throttle=throttle)
        return not was_there

    new_files = new_bytes = 0
    with ThreadPoolExecutor(settings.access.workers) as pool:
        for is_new, (_, found, name) in zip(pool.map(take, waiting), waiting, strict=True):
            journal[name] = [found.size, found.version]
            known_files += not is_new
            new_files += is_new
            new_bytes += found.size if is_new else 0
    settings.state.mkdir(parents=True, exist_ok=True)
    partial = journal_path.with_suffix(".partial")
    partial.write_text(json.dumps(journal), encoding="utf-8")
    partial.replace(journal_path)
    return Captured(new_files, known_files, new_bytes)


def _read_journal(path: Path, lake: Lake) -> dict[str, list[Any]]:
    if not path.exists():
        return {}
    there = {stored.name for stored in lake.list()}
    return {
        name: stamp for name, stamp in json.loads(path.read_text(encoding="utf-8")).items() if name in there
    }
