"""The lake: the only Python that knows object-store brands. Folders today; the clouds' stores take this interface."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from flows.errors import InputError, SettingsError

CHUNK = 1 << 20
CLOUD_SCHEMES = ("s3", "az", "abfs", "abfss", "gs")


@dataclass(frozen=True)
class Stored:
    """An object of a lake: its name below the root, its bytes, and its SHA-256 in hex where it was computed."""

    name: str
    size: int
    sha256: str = ""


class FolderLake:
    """A lake in a folder. Objects are written once: whole or not at all, and never changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InputError(
                f"lake folder {root} cannot be reached: {fault.strerror}; check the path and its rights."
            ) from fault

    def uri(self, name: str) -> str:
        """What an engine on this machine reads the object by."""
        return str(self.root / name)

    def exists(self, name: str) -> bool:
        return (self.root / name).exists()

    def list(self, prefix: str = "") -> Iterator[Stored]:
        """Objects below a prefix, by name; what is being written is not among them."""
        folder = self.root / prefix
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            if path.is_file() and not path.name.startswith("."):
                yield Stored(path.relative_to(self.root).as_posix(), path.stat().st_size)

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def open(self, name: str) -> BufferedReader:
        return (self.root / name).open("rb")

    def sha256(self, name: str) -> str:
        with self.open(name) as content:
            return hashlib.file_digest(content, "sha256").hexdigest()

    def write_new(self, name: str, content: bytes) -> Stored:
        """Create an object; InputError when it exists with other content."""
        partial = self._partial(name)
        with partial.open("wb") as target:
            target.write(content)
        return self._commit(partial, name, hashlib.sha256(content).hexdigest())

    def copy_in(self, source: Path, name: str) -> Stored:
        """Create an object from a file, in bounded memory; InputError when it exists with other content."""
        partial = self._partial(name)
        digest = hashlib.sha256()
        with source.open("rb") as content, partial.open("wb") as target:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        return self._commit(partial, name, digest.hexdigest())

    def adopt(self, file: Path, name: str) -> Stored:
        """Create an object from a file that lies on the same disk and is given up by its owner.

        An uncommitted object of a dead run may be in the way; the caller knows that nothing refers to it.
        """
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
            os.fsync(content.fileno())
        file.replace(target)
        return Stored(name, target.stat().st_size, digest)

    def _partial(self, name: str) -> Path:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.with_name(f".{target.name}.{os.getpid()}.partial")

    def _commit(self, partial: Path, name: str, sha256: str) -> Stored:
        target = self.root / name
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        size = partial.stat().st_size
        try:
            os.link(partial, target)  # fails when the name is taken: that is what makes it create-only
        except FileExistsError:
            if self.sha256(name) != sha256:
                raise InputError(
                    f"{target} exists with other content; the lake is never overwritten, so give the new content a new name."
                ) from None
        finally:
            partial.unlink()
        return Stored(name, size, sha256)


def open_lake(root: str) -> FolderLake:
    """The lake at a folder; SettingsError for a scheme that is not there yet."""
    scheme = root.split("://", 1)[0] if "://" in root else ""
    if scheme in CLOUD_SCHEMES:
        raise SettingsError(f"lake {root}: object stores are not supported yet; name a folder.")
    if scheme:
        raise SettingsError(f"lake {root}: scheme '{scheme}' is unknown; name a folder.")
    return FolderLake(Path(root))
