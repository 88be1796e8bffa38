"""Where files lie: addresses of Azure storage, and who reads and writes them.

The interface is small: a folder stands behind it, or Azure storage on loopback (azure_lake.py).
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sandbox.synapse.errors import SqlError

_HTTPS = re.compile(
    r"https://([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net/([a-z0-9$-]{3,63})(?:/(.*))?", re.IGNORECASE
)
_ABFSS = re.compile(
    r"(?:abfss?|wasbs?)://([a-z0-9$-]{3,63})@([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net(?:/(.*))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """path: in the container, without a leading slash; may hold * as a pattern, or end in / for a folder.

    account and container are '' for a path of this machine, which the stand-in takes beside Azure's addresses.
    """

    account: str
    container: str
    path: str

    @property
    def is_local(self) -> bool:
        return not self.account

    def __str__(self) -> str:
        if self.is_local:
            return f"/{self.path}"
        return f"https://{self.account}.blob.core.windows.net/{self.container}/{self.path}"

    def child(self, name: str) -> Address:
        base = self.path.strip("/")
        return Address(self.account, self.container, f"{base}/{name}" if base else name)


def read_address(text: str, line: int = 1) -> Address:
    """https://<account>.blob|dfs.core.windows.net/<container>/<path>, abfss://, or a path. Raises SqlError 13807."""
    if text.startswith(("/", "file:///")):
        return Address("", "", text.removeprefix("file://").lstrip("/"))
    found = _HTTPS.fullmatch(text)
    if found is not None:
        return Address(found.group(1).lower(), found.group(2), (found.group(3) or "").lstrip("/"))
    found = _ABFSS.fullmatch(text)
    if found is not None:
        return Address(found.group(2).lower(), found.group(1), (found.group(3) or "").lstrip("/"))
    raise SqlError(
        13807,
        f"Content of directory on path '{text}' cannot be listed: it is no address of Azure storage (https://<account>.blob.core.windows.net/<container>/<path>).",
        line,
    )


class Lake(Protocol):
    """Reads and writes files by their address. A file that is being written is not seen before it is whole."""

    def find(self, address: Address) -> list[tuple[Address, Path]]:
        """The files that an address means, in the order of their paths: a file, a pattern, or all below a folder.

        Files and folders whose names begin with _ or . are skipped, as the pool skips them. The path is of a local
        copy that may be read.
        """

    def write(self, address: Address, source: Path) -> None:
        """Puts a local file at the address."""


def is_meant(inside: str, asked: str) -> bool:
    """Whether an address's path means this file: all below a folder, or a pattern with *.

    A * of the last part also means files in folders below, as the pool reads folders through.
    """
    if any(part[:1] in "_." for part in inside.split("/")):
        return False
    pattern = asked.strip("/")
    if "*" not in pattern:
        pattern = f"{pattern}/*" if pattern else "*"
    return fnmatch.fnmatchcase(inside, pattern)


class AccountLakes:
    """One lake for each account named, and another for all other addresses."""

    def __init__(self, accounts: dict[str, Lake], others: Lake) -> None:
        self._accounts = accounts
        self._others = others

    def _of(self, address: Address) -> Lake:
        return self._accounts.get(address.account, self._others)

    def find(self, address: Address) -> list[tuple[Address, Path]]:
        return self._of(address).find(address)

    def write(self, address: Address, source: Path) -> None:
        self._of(address).write(address, source)


class FolderLake:
    """A folder with <account>/<container>/<path> below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, address: Address) -> list[tuple[Address, Path]]:
        root = self._root(address)
        path = address.path
        if ".." in path.split("/"):
            raise SqlError(13807, f"Content of directory on path '{address}' cannot be listed.")
        if "*" not in path and (root / path).is_file():
            return [(address, root / path)]
        if address.is_local and "*" not in path:
            # a folder of the machine: only what is below it is listed
            root, path, address = root / path, "", Address("", "", path.strip("/"))
        if address.is_local and "*" in path:
            raise SqlError(
                13807,
                f"Content of directory on path '/{path}' cannot be listed: a pattern is taken in addresses of Azure storage only.",
            )
        found = []
        for file in sorted(root.rglob("*")) if root.is_dir() else []:
            inside = file.relative_to(root).as_posix()
            if file.is_file() and is_meant(inside, path):
                base = f"{address.path}/" if address.is_local and not path else ""
                found.append((Address(address.account, address.container, base + inside), file))
        return found

    def _root(self, address: Address) -> Path:
        return Path("/") if address.is_local else self.folder / address.account / address.container

    def write(self, address: Address, source: Path) -> None:
        target = self._root(address) / address.path
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        partial.write_bytes(source.read_bytes())
        partial.replace(target)
