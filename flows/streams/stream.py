"""What a stream is to its consumers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Record:
    """One record: its ``position`` in its partition (text that sorts as the stream runs), key, content, and when the
    stream took it (UTC)."""

    position: str
    key: str
    data: bytes
    arrived_at: datetime


class Stream(ABC):
    """Partitions that are read in order from any position; a stream keeps no account of its readers.

    Raises SettingsError for a stream that is not there or not allowed, Unreachable when another try may help, and
    InputError when what was asked for is no longer kept.
    """

    name: str

    @abstractmethod
    def partitions(self) -> list[str]:
        """Partitions (Kinesis: shards, closed ones included), parents before their children."""

    @abstractmethod
    def pages(self, partition: str, after: str) -> Iterator[list[Record]]:
        """Records behind a position ('' for the first that is kept), page by page. An empty page says that the end is
        reached for now; asking on waits a little for more."""
