"""A lake in a folder."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from flows.errors import InputError
from flows.lake.access import Access
from flows.lake.store import CHUNK, Lake, Stored, Upload, visible


class FolderLake(Lake):
    """A lake in a folder; an object appears by a hard link, which fails when the name is taken."""

    def __init__(self, root: Path, access: Access | None = None) -> None:
        access = access or Access()
        self.folder, self.root = root, str(root)
        self.block_bytes, self.workers = access.block_bytes, access.workers
        self.patience_seconds = access.patience_seconds
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InputError(
                f"lake folder {root} cannot be reached: {fault.strerror}; check the path and its rights."
            ) from fault

    def uri(self, name: str) -> str:
        return str(self.folder / name)

    def exists(self, name: str) -> bool:
        return (self.folder / name).exists()

    def stat(self, name: str) -> Stored | None:
        try:
            found = (self.folder / name).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Stored(name, found.st_size, version=f"{found.st_mtime_ns}-{found.st_ino}")

    def list(self, prefix: str = "") -> Iterator[Stored]:
        folder = self.folder / prefix
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and visible(name):
                stat = path.stat()
                yield Stored(name, stat.st_size, version=f"{stat.st_mtime_ns}-{stat.st_ino}")

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def read_range(self, name: str, offset: int, length: int, version: str = "") -> bytes:
        with self.open(name) as content:
            stat = os.fstat(content.fileno())
            if version and version != f"{stat.st_mtime_ns}-{stat.st_ino}":
                raise self.changed(name)
            found = os.pread(content.fileno(), length, offset)
        if len(found) != length:
            raise self.changed(name)
        return found

    def open(self, name: str) -> BinaryIO:
        try:
            return (self.folder / name).open("rb")
        except FileNotFoundError:
            raise self.missing(name) from None

    def sha256(self, name: str) -> str:
        with self.open(name) as content:
            return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]

    def put(self, name: str, content: bytes, sha256: str, *, create_only: bool) -> bool:
        partial = self._partial(name)
        with partial.open("wb") as target:
            target.write(content)
        return self._appear(partial, name, create_only=create_only)

    def copy_in(self, source: Path, name: str) -> Stored:
        """Create an object from a file, in bounded memory; InputError when it exists with other content."""
        partial = self._partial(name)
        digest = hashlib.sha256()
        with source.open("rb") as content, partial.open("wb") as target:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        size = partial.stat().st_size
        if not self._appear(partial, name, create_only=True):
            self.must_equal(name, digest.hexdigest())
        return Stored(name, size, digest.hexdigest())

    def adopt(self, file: Path, name: str) -> Stored:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            os.fsync(content.fileno())
        file.replace(target)
        return Stored(name, target.stat().st_size, digest)

    def at_hand(self, names: Iterable[str], folder: Path) -> FolderLake:
        return self

    def start_upload(self, name: str, size: int, fingerprint: str) -> Upload:
        return _FolderUpload(self, name, size, fingerprint)

    def _partial(self, name: str) -> Path:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.partial")

    def _appear(self, partial: Path, name: str, *, create_only: bool) -> bool:
        """Give a whole file its name; False when that is taken. The partial file is gone afterwards."""
        target = self.folder / name
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        if not create_only:
            partial.replace(target)
            return True
        try:
            os.link(partial, target)  # fails when the name is taken: that is what makes it create-only
        except FileExistsError:
            return False
        finally:
            partial.unlink()
        return True


class _FolderUpload(Upload):
    """Parts go to their offset in one hidden file; beside it a list says which parts are whole."""

    def __init__(self, lake: FolderLake, name: str, size: int, fingerprint: str) -> None:
        self.lake, self.name, self.part_bytes = lake, name, lake.block_bytes
        target = lake.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        self.file = target.with_name(f".{target.name}.{fingerprint}.partial")
        self.marks = self.file.with_suffix(".parts")
        self.lock = threading.Lock()
        self.done = set()
        if self.file.exists() and self.marks.exists():
            # a mark that a kill cut in two has no line end
            whole = self.marks.read_text(encoding="ascii").split("\n")[:-1]
            self.done = {
                int(part) for line in whole for step, part in [line.split()] if int(step) == self.part_bytes
            }
        self.descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o666)
        os.ftruncate(self.descriptor, size)

    def put(self, part: int, content: bytes) -> None:
        view, at = memoryview(content), part * self.part_bytes
        while view:
            written = os.pwrite(self.descriptor, view, at)
            view, at = view[written:], at + written
        with self.lock, self.marks.open("a", encoding="ascii") as marks:
            marks.write(f"{self.part_bytes} {part}\n")

    def commit(self, *, create_only: bool) -> bool:
        os.close(self.descriptor)
        self.marks.unlink(missing_ok=True)
        return self.lake._appear(self.file, self.name, create_only=create_only)

    def abandon(self) -> None:
        for path in (self.file, self.marks):
            path.unlink(missing_ok=True)
