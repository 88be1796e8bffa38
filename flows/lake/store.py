"""What every lake can do, and what a brand of store has to bring along for it."""

from __future__ import annotations

import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from flows.errors import InputError
from flows.patience import patiently

if TYPE_CHECKING:
    from flows.lake.folder import FolderLake

T = TypeVar("T")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """An object of a lake: its name below the root, its bytes, its SHA-256 in hex where it is known without reading,
    and ``version``, which changes with the content."""

    name: str
    size: int
    sha256: str = ""
    version: str = ""


class Upload(ABC):
    """An object that is being written in parts of ``part_bytes``; ``done`` are the parts an earlier try left whole."""

    part_bytes: int
    done: set[int]

    @abstractmethod
    def put(self, part: int, content: bytes) -> None:
        """Store one part, checked by the server against a checksum; from any thread, in any order."""

    @abstractmethod
    def commit(self, *, create_only: bool) -> bool:
        """Let the object appear, whole. False when ``create_only`` and the name is taken; nothing is changed then."""

    @abstractmethod
    def abandon(self) -> None:
        """Forget the parts."""


class Lake(ABC):
    """Objects that are written once: whole or not at all, and never changed. Names are paths below ``root``.

    Raises InputError for what is wrong with an object, Unreachable for what another try may not meet.
    """

    root: str
    block_bytes: int
    workers: int
    patience_seconds: float

    # ---------- what a brand brings along

    @abstractmethod
    def uri(self, name: str) -> str:
        """What an engine reads the object by: a path, or the address that the brand's own warehouse takes."""

    @abstractmethod
    def stat(self, name: str) -> Stored | None:
        """What is known of an object without reading it; None when there is none."""

    @abstractmethod
    def list(self, prefix: str = "") -> Iterator[Stored]:
        """Objects below a folder-like prefix, by name; what is being written is not among them."""

    @abstractmethod
    def read_range(self, name: str, offset: int, length: int, version: str = "") -> bytes:
        """Bytes from ``offset``; InputError when the object is not of ``version`` (if given) any more."""

    @abstractmethod
    def start_upload(self, name: str, size: int, fingerprint: str) -> Upload:
        """Begin, or go on with, an object of ``size`` bytes; ``fingerprint`` tells one content from another."""

    @abstractmethod
    def put(self, name: str, content: bytes, sha256: str, *, create_only: bool) -> bool:
        """Write a small object at once. False when ``create_only`` and the name is taken."""

    # ---------- what follows from it

    def exists(self, name: str) -> bool:
        return self.stat(name) is not None

    def read(self, name: str) -> bytes:
        """A whole object; for small ones."""
        return b"".join(self.stream(name))

    def stream(self, name: str, piece: int = 0, of: Stored | None = None) -> Iterator[bytes]:
        """An object piece by piece, in bounded memory; InputError when it changes meanwhile, or is not ``of`` any more."""
        found = of or self.stat(name)
        if found is None:
            raise self.missing(name)
        step = piece or self.block_bytes
        for offset in range(0, found.size, step):
            yield self.read_range(name, offset, min(step, found.size - offset), found.version)

    def open(self, name: str) -> BinaryIO:
        """An object as a file that can be read and sought in, for instance a Parquet footer without its data."""
        found = self.stat(name)
        if found is None:
            raise self.missing(name)
        return io.BufferedReader(_Ranges(self, found), 1 << 16)

    def sha256(self, name: str) -> str:
        """SHA-256 of what is stored, computed by reading it."""
        digest = hashlib.sha256()
        for piece in self.stream(name):
            digest.update(piece)
        return digest.hexdigest()

    def write_new(self, name: str, content: bytes) -> Stored:
        """Create an object; InputError when it exists with other content."""
        digest = hashlib.sha256(content).hexdigest()
        if not self.put(name, content, digest, create_only=True):
            self.must_equal(name, digest)
        return Stored(name, len(content), digest)

    def copy_in(self, source: Path, name: str) -> Stored:
        """Create an object from a file, in bounded memory; InputError when it exists with other content."""
        from flows.lake.copying import copy_object
        from flows.lake.folder import FolderLake

        return copy_object(FolderLake(source.parent), source.name, self, name)

    def adopt(self, file: Path, name: str) -> Stored:
        """Create an object from a file that is given up by its owner.

        An uncommitted object of a dead run may be in the way; the caller knows that nothing refers to it.
        """
        from flows.lake.copying import copy_object
        from flows.lake.folder import FolderLake

        stored = copy_object(FolderLake(file.parent), file.name, self, name, replace=True)
        file.unlink()
        return stored

    def at_hand(self, names: Iterable[str], folder: Path) -> FolderLake:
        """A folder with these objects, for engines that read files: the lake itself where it is a folder, else copies.

        A copy that is there already, and of the object's size, is not fetched again: objects never change.
        """
        from flows.lake.copying import copy_object
        from flows.lake.folder import FolderLake

        near = FolderLake(folder)

        def fetch(name: str) -> None:
            found, there = self.stat(name), near.stat(name)
            if found is None:
                raise self.missing(name)
            if there is None or there.size != found.size:
                copy_object(self, name, near, name)

        with ThreadPoolExecutor(self.workers) as pool:
            for done in [pool.submit(fetch, name) for name in names]:
                done.result()
        return near

    def must_equal(self, name: str, sha256: str) -> None:
        """InputError when the object has other content: it may be there from an earlier try, but never differ."""
        if self.sha256(name) != sha256:
            raise InputError(
                f"{self.uri(name)} exists with other content; the lake is never overwritten, so give the new content a new name."
            )

    def patiently(self, call: Callable[[], T]) -> T:
        """flows/patience.py with this lake's patience. Writes are conditional: when an answer was lost, the next try is
        told that the name is taken, and the caller compares contents."""
        return patiently(call, self.patience_seconds)

    def missing(self, name: str) -> InputError:
        return InputError(f"{self.uri(name)} is missing; restore it, or run the step that writes it.")

    def changed(self, name: str) -> InputError:
        return InputError(f"{self.uri(name)} was changed while it was read; nothing may change in a lake.")


class _Ranges(io.RawIOBase):
    """An object seen as a file by ranged reads."""

    def __init__(self, lake: Lake, stored: Stored) -> None:
        self.lake, self.stored, self.position = lake, stored, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.stored.size}[whence]
        self.position = max(0, start + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        length = min(len(buffer), self.stored.size - self.position)
        if length <= 0:
            return 0
        content = self.lake.read_range(self.stored.name, self.position, length, self.stored.version)
        buffer[: len(content)] = content
        self.position += len(content)
        return len(content)


def visible(name: str) -> bool:
    """False for what is being written: a part of its name begins with a dot."""
    return not any(part.startswith(".") for part in name.split("/"))


def folder_prefix(*parts: str) -> str:
    """A key prefix that ends at a slash, so that 'a' does not list 'ab'; '' for none."""
    joined = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"{joined}/" if joined else ""
