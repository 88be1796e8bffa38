"""A lake in Azure Blob Storage or ADLS Gen2, by azure-storage-blob.

Both answer the Blob API, and nothing here needs directories or renames.
Conditions: https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
Encryption scopes: https://learn.microsoft.com/azure/storage/blobs/encryption-scope-overview
"""

from __future__ import annotations

import base64
import builtins
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobBlock, BlobServiceClient

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import Access, Location, is_loopback
from flows.lake.store import Lake, Stored, Upload, folder_prefix, visible

T = TypeVar("T")
MOST_BLOCKS = 50_000


class AzureLake(Lake):
    """A lake below a prefix of a container; writes name the encryption scope of the settings, which holds the customer's key."""

    def __init__(self, root: str, place: Location, access: Access) -> None:
        self.root, self.account_url, self.container = root, place.public, place.bucket
        self.prefix = folder_prefix(place.prefix)
        self.block_bytes, self.workers = access.block_bytes, access.workers
        self.patience_seconds = access.patience_seconds
        self.encryption: dict[str, Any] = (
            {"encryption_scope": access.azure_encryption_scope} if access.azure_encryption_scope else {}
        )
        service = BlobServiceClient(
            place.host,
            credential=_credential(place.host, access.azure_key),
            retry_total=0,
            connection_timeout=10,
            read_timeout=60,
            # a put must be one request: what is larger goes up in blocks of our own
            max_single_put_size=max(64 << 20, 2 * access.block_bytes),
            max_single_get_size=max(64 << 20, 2 * access.block_bytes),
        )
        self.client = service.get_container_client(place.bucket)

    def key(self, name: str) -> str:
        return self.prefix + name

    def uri(self, name: str) -> str:
        return f"{self.account_url}/{self.container}/{self.key(name)}"

    def stat(self, name: str) -> Stored | None:
        try:
            found = self.ask(name, lambda: self.client.get_blob_client(self.key(name)).get_blob_properties())
        except ResourceNotFoundError:
            return None
        return Stored(name, found.size, (found.metadata or {}).get("sha256", ""), found.etag.strip('"'))

    def list(self, prefix: str = "") -> Iterator[Stored]:
        token: str | None = None

        def page() -> tuple[builtins.list[Any], str | None]:
            # a question of its own per page, so that one that fails can be asked again
            found: Any = self.client.list_blobs(
                name_starts_with=folder_prefix(self.prefix, prefix) or None
            ).by_page(continuation_token=token)
            return builtins.list(next(found, ())), found.continuation_token

        while True:
            blobs, token = self.ask(prefix, page)
            for found in blobs:
                name = found.name[len(self.prefix) :]
                # an account with directories lists these too, as empty blobs with a mark
                if visible(name) and (found.metadata or {}).get("hdi_isfolder") != "true":
                    yield Stored(name, found.size, version=found.etag.strip('"'))
            if not token:
                return

    def read_range(self, name: str, offset: int, length: int, version: str = "") -> bytes:
        same: dict[str, Any] = (
            {"etag": f'"{version}"', "match_condition": MatchConditions.IfNotModified} if version else {}
        )

        def fetch() -> bytes:
            blob = self.client.get_blob_client(self.key(name))
            content: bytes = blob.download_blob(offset, length, max_concurrency=1, **same).readall()
            return content

        try:
            found = self.ask(name, fetch)
        except ResourceNotFoundError:
            raise self.missing(name) from None
        except ResourceModifiedError:
            raise self.changed(name) from None
        if len(found) != length:
            raise self.changed(name)
        return found

    def put(self, name: str, content: bytes, sha256: str, *, create_only: bool) -> bool:
        try:
            self.ask(
                name,
                lambda: self.client.get_blob_client(self.key(name)).upload_blob(
                    content,
                    overwrite=not create_only,
                    validate_content=True,
                    metadata={"sha256": sha256},
                    **self.encryption,
                ),
            )
        except (ResourceExistsError, ResourceModifiedError):
            return False
        return True

    def start_upload(self, name: str, size: int, fingerprint: str) -> Upload:
        return _Blocks(self, name, size, fingerprint)

    def ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service, again when it does not answer (the library's own repetition is off: one rule for all)."""
        return self.patiently(lambda: self._ask(name, call))

    def _ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service; what it refuses comes out as one sentence, except what the callers expect."""
        try:
            return call()
        except (ResourceExistsError, ResourceNotFoundError, ResourceModifiedError) as fault:
            if "ContainerNotFound" in str(getattr(fault, "error_code", "")):
                raise SettingsError(f"{self.uri(name)}: the container does not exist; create it.") from fault
            raise
        except ClientAuthenticationError as fault:
            raise SettingsError(
                f"{self.uri(name)} is refused by Azure ({fault.reason or 'no credentials'}); check account, credentials and rights."
            ) from fault
        except HttpResponseError as fault:
            code = str(getattr(fault, "error_code", "") or fault.reason)
            if fault.status_code is None or fault.status_code >= 429 or "Md5Mismatch" in code:
                raise Unreachable(
                    f"{self.uri(name)}: Azure asks for patience ({code}); run again."
                ) from fault
            if fault.status_code in (401, 403):
                raise SettingsError(
                    f"{self.uri(name)} is refused by Azure ({code}); check the rights."
                ) from fault
            raise InputError(f"{self.uri(name)}: Azure says {code}.") from fault
        except AzureError as fault:
            raise Unreachable(
                f"{self.uri(name)} cannot be reached ({' '.join(str(fault).split())[:200].rstrip('.')}); run again."
            ) from fault


def _credential(host: str, key: str) -> Any:
    """The account's key when one is set, else whatever identity the machine has (never for a store on this machine)."""
    if key:
        account = host.rsplit("/", 1)[-1].split(".", 1)[0]
        return {"account_name": account, "account_key": key}
    if is_loopback(host.split("//", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]):
        raise SettingsError(f"{host} needs the key of its account; set CUSTOMER_360_AZURE_STORAGE_KEY.")
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


class _Blocks(Upload):
    """Blocks that are not committed yet; Azure lists them, and their names carry the fingerprint and the block's size."""

    def __init__(self, lake: AzureLake, name: str, size: int, fingerprint: str) -> None:
        self.lake, self.name, self.size = lake, name, size
        self.part_bytes = max(lake.block_bytes, -(-size // MOST_BLOCKS))
        self.fingerprint = fingerprint
        self.blob = lake.client.get_blob_client(lake.key(name))
        self.count = -(-size // self.part_bytes)
        try:
            _, waiting = lake.ask(name, lambda: self.blob.get_block_list("uncommitted"))
        except ResourceNotFoundError:
            waiting = []
        sizes = {found.id: found.size for found in waiting}
        self.done = {
            part
            for part in range(self.count)
            if sizes.get(self.block_id(part)) == min(self.part_bytes, size - part * self.part_bytes)
        }

    def block_id(self, part: int) -> str:
        """Of one length for all blocks of a blob, as Azure demands."""
        return base64.b64encode(f"{self.fingerprint}-{self.part_bytes:012d}-{part:06d}".encode()).decode()

    def put(self, part: int, content: bytes) -> None:
        self.lake.ask(
            self.name,
            lambda: self.blob.stage_block(
                self.block_id(part), content, len(content), validate_content=True, **self.lake.encryption
            ),
        )

    def commit(self, *, create_only: bool) -> bool:
        only_new: dict[str, Any] = {"match_condition": MatchConditions.IfMissing} if create_only else {}
        blocks = [BlobBlock(self.block_id(part)) for part in range(self.count)]
        try:
            self.lake.ask(
                self.name, lambda: self.blob.commit_block_list(blocks, **only_new, **self.lake.encryption)
            )
        except (ResourceExistsError, ResourceModifiedError):
            return False
        return True

    def abandon(self) -> None:
        """Nothing to do: Azure forgets uncommitted blocks after a week, or when the blob is written."""
