"""The lake in a server of Azure's Blob interface, such as Azurite: what COPY INTO and external tables read and write.

Blobs are fetched into a scratch folder when a statement needs them, because the engine reads files. One account is
known: that of the endpoint; another one's address is answered as the pool answers an account it cannot reach.
"""

from __future__ import annotations

import fnmatch
import hashlib
import tempfile
from pathlib import Path
from typing import Any

from sandbox.synapse.errors import SqlError
from sandbox.synapse.files.lake import Address, Lake


class BlobLake:
    """``endpoint`` is http://host:port/account. Paths of this machine are left to ``files``."""

    def __init__(self, endpoint: str, key: str, files: Lake) -> None:
        from azure.storage.blob import BlobServiceClient

        self._account = endpoint.rstrip("/").rsplit("/", 1)[-1].lower()
        self._files = files
        self._service = BlobServiceClient(
            endpoint, credential={"account_name": self._account, "account_key": key}, retry_total=2
        )
        self._scratch = tempfile.TemporaryDirectory(prefix="synapse-blobs-")

    def find(self, address: Address) -> list[tuple[Address, Path]]:
        """As Lake.find; raises SqlError 13807 when the container cannot be listed."""
        if address.is_local:
            return self._files.find(address)
        path = address.path
        container = self._container(address)
        start = path.split("*", 1)[0]
        pattern = path.strip("/") if "*" in path else f"{path.strip('/')}/*" if path.strip("/") else "*"
        found = []
        for blob in self._list(container, start.rstrip("/") if "*" not in path else start, address):
            hidden = any(part[0] in "_." for part in blob.name.split("/"))
            exactly = blob.name == path
            if exactly or (not hidden and fnmatch.fnmatchcase(blob.name, pattern)):
                place = Address(address.account, address.container, blob.name)
                found.append((place, self._fetch(container, address.container, blob)))
        return found

    def write(self, address: Address, source: Path) -> None:
        if address.is_local:
            self._files.write(address, source)
            return
        from azure.core.exceptions import AzureError

        try:
            with source.open("rb") as content:
                self._container(address).upload_blob(address.path, content, overwrite=True)
        except AzureError as fault:
            raise self._refusal(address, fault) from None

    def _container(self, address: Address) -> Any:
        if address.account != self._account:
            raise self._refusal(address, f"account '{address.account}' is not reachable")
        return self._service.get_container_client(address.container)

    def _list(self, container: Any, prefix: str, address: Address) -> list[Any]:
        from azure.core.exceptions import AzureError

        try:
            return sorted(container.list_blobs(name_starts_with=prefix or None), key=lambda b: str(b.name))
        except AzureError as fault:
            raise self._refusal(address, fault) from None

    def _fetch(self, container: Any, name: str, blob: Any) -> Path:
        """A local copy of this version of a blob; fetched once."""
        version = hashlib.sha256(f"{name}/{blob.name}/{blob.etag}".encode()).hexdigest()[:32]
        local = Path(self._scratch.name) / f"{version}{Path(blob.name).suffix}"
        if not local.exists():
            partial = local.with_suffix(".part")
            with partial.open("wb") as target:
                container.download_blob(blob.name).readinto(target)
            partial.replace(local)
        return local

    def _refusal(self, address: Address, why: object) -> SqlError:
        reason = getattr(why, "error_code", None) or " ".join(str(why).split())[:200]
        return SqlError(13807, f"Content of directory on path '{address}' cannot be listed: {reason}.")
