"""Which table an event belongs to, by the contracts: the one whose key columns it has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flows.contracts import Table, read_contracts
from flows.settings import PROJECT

STRAYS = (
    "web",
    "events",
)  # what nobody can place goes here: curation refuses it with its reason, and keeps it


@dataclass(frozen=True)
class Routed:
    """An event as one line of UTF-8, its table, and its key's value ('' when it has none: then it is a stray)."""

    source: str
    table: str
    event_id: str
    line: bytes


class Router:
    """Places events by the contracts of the sources that write streams."""

    def __init__(self, tables: list[Table] | None = None) -> None:
        known = read_contracts(PROJECT) if tables is None else tables
        self.tables = [t for t in known if t.format == "stream_jsonl"]

    def route(self, data: bytes) -> Routed:
        """The table of an event. Nothing is changed but line breaks, which would cut it in two."""
        try:
            event: Any = json.loads(data)
        except ValueError:  # also: not UTF-8
            return Routed(*STRAYS, "", _one_line(data))
        line = data.strip()
        if b"\n" in line or b"\r" in line:
            line = json.dumps(event, ensure_ascii=False).encode()
        if isinstance(event, dict):
            for table in self.tables:
                if all(event.get(column) not in (None, "") for column in table.key):
                    return Routed(table.source, table.name, "|".join(str(event[c]) for c in table.key), line)
        return Routed(*STRAYS, "", line)


def _one_line(data: bytes) -> bytes:
    text = data.decode("utf-8", errors="replace")
    return " ".join(text.split()).encode() or b'""'
