"""The files of one account in the Azure storage stand-in (sandbox/azure_storage), read and written by the Blob API.

The account's key is the one that Microsoft publishes for its emulator: only loopback is spoken to.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient

from sandbox.services import KEY
from sandbox.synapse.errors import SqlError
from sandbox.synapse.files.lake import Address, is_meant


class AzureLake:
    """See lake.Lake. Blobs are copied into a folder of this process before they are read, each version once."""

    def __init__(self, url: str) -> None:
        """url: http://127.0.0.1:<port>/<account>. Raises ValueError for any other."""
        parts = urllib.parse.urlsplit(url)
        self.account = parts.path.strip("/")
        if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost") or not self.account:
            raise ValueError(f"--azure-endpoint is '{url}'; write http://127.0.0.1:<port>/<account>.")
        self._service = BlobServiceClient(
            url.rstrip("/"),
            credential={"account_name": self.account, "account_key": KEY},
            retry_total=0,
            connection_timeout=5,
            read_timeout=60,
        )
        self._copies = Path(tempfile.mkdtemp(prefix="synapse-lake-"))

    def close(self) -> None:
        """Deletes the copies."""
        self._service.close()
        shutil.rmtree(self._copies, ignore_errors=True)

    def find(self, address: Address) -> list[tuple[Address, Path]]:
        with _told(address):
            container = self._service.get_container_client(address.container)
            path = address.path
            if "*" not in path and path and not path.endswith("/"):
                try:
                    found = container.get_blob_client(path).get_blob_properties()
                    return [(address, self._copy(address, str(found.etag)))]
                except ResourceNotFoundError:
                    pass  # a folder, or nothing
            start = path.split("*")[0] if "*" in path else f"{path.strip('/')}/".lstrip("/")
            files = []
            for blob in container.list_blobs(name_starts_with=start):
                if is_meant(blob.name, path):
                    inside = Address(address.account, address.container, blob.name)
                    files.append((inside, self._copy(inside, str(blob.etag))))
            return files

    def _copy(self, address: Address, version: str) -> Path:
        """The blob as a local file; its name ends as the blob's does, for who tells a file's kind by that."""
        digest = hashlib.sha256(f"{address}\n{version}".encode()).hexdigest()
        local = self._copies / digest / address.path.rsplit("/", 1)[-1]
        if not local.exists():
            local.parent.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=local.parent, prefix=".", delete=False) as partial:
                client = self._service.get_blob_client(address.container, address.path)
                client.download_blob().readinto(partial)
            Path(partial.name).replace(local)
        return local

    def write(self, address: Address, source: Path) -> None:
        with _told(address), source.open("rb") as content:
            self._service.get_blob_client(address.container, address.path).upload_blob(
                content, overwrite=True
            )


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Azure's refusals as the pool's error of a place that cannot be read."""
    try:
        yield
    except HttpResponseError as fault:
        reason = getattr(fault, "error_code", None) or fault.reason or "no answer"
        raise SqlError(
            13807, f"Content of directory on path '{address}' cannot be listed: Azure storage says {reason}."
        ) from fault
    except AzureError as fault:
        raise SqlError(
            13807,
            f"Content of directory on path '{address}' cannot be listed: the Azure storage stand-in does not answer; start it with python -m sandbox.azure_storage.",
        ) from fault
