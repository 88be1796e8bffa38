"""Where a consumer stands in each partition of a stream.

A checkpoint is an object in the lake's streams zone, created after what it vouches for: <consumer>/<stream>/
<partition>/<position>.json. Nothing is ever changed, so two consumers at once cannot take a position back, and the
newest name is the position. A file in the home folder is a shortcut to it; when it is lost, the lake is asked.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows.lake import open_lake
from flows.settings import Settings


class Checkpoints:
    """Checkpoints of one consumer of one stream."""

    def __init__(self, settings: Settings, consumer: str, stream: str) -> None:
        self.lake = open_lake(settings.zone("streams"), settings.access)
        self.prefix = f"{consumer}/{stream}"
        self.folder: Path = settings.state / "streams" / consumer / stream

    def position(self, partition: str) -> str:
        """The position of the last record that was dealt with; '' for none."""
        shortcut = self.folder / f"{partition}.json"
        if shortcut.exists():
            return str(json.loads(shortcut.read_text(encoding="utf-8"))["position"])
        newest = ""
        for stored in self.lake.list(f"{self.prefix}/{partition}"):
            newest = max(newest, stored.name.rsplit("/", 1)[-1].removesuffix(".json"))
        return newest

    def set(self, partition: str, position: str, record: dict[str, Any]) -> None:
        """Everything up to ``position`` is dealt with; ``record`` says by what."""
        name = f"{self.prefix}/{partition}/{position}.json"
        content = json.dumps(record | {"position": position}, sort_keys=True).encode()
        # a dead run may have set it with other batch borders: what counts is the position in its name
        self.lake.put(name, content, "", create_only=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{partition}.partial"
        partial.write_text(json.dumps({"position": position}), encoding="utf-8")
        partial.replace(self.folder / f"{partition}.json")
