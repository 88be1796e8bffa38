"""A lake in Google Cloud Storage, by google-cloud-storage.

Preconditions: https://cloud.google.com/storage/docs/request-preconditions
Large objects: parts are objects of their own, composed at the end, so that they can go up side by side and a killed
copy goes on: https://cloud.google.com/storage/docs/composite-objects
"""

from __future__ import annotations

import base64
import builtins
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import google_crc32c
import requests
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError, TransportError
from google.cloud import storage  # type: ignore[attr-defined,unused-ignore]
from requests.adapters import HTTPAdapter

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import Access, Location
from flows.lake.store import Lake, Stored, Upload, folder_prefix, visible

T = TypeVar("T")
MOST_COMPONENTS = 32


class GcsLake(Lake):
    """A lake below a prefix of a bucket; writes name the Cloud KMS key of the settings."""

    def __init__(self, root: str, place: Location, access: Access) -> None:
        self.root, self.prefix = root, folder_prefix(place.prefix)
        self.block_bytes, self.workers = access.block_bytes, access.workers
        self.patience_seconds = access.patience_seconds
        self.kms_key = access.gcs_kms_key or None
        options: dict[str, Any] = {}
        if access.gcs_endpoint:
            options = {"client_options": {"api_endpoint": access.gcs_endpoint}}
            if access.gcs_endpoint.startswith("http://"):  # a store on this machine knows no accounts
                options["credentials"] = AnonymousCredentials()  # type: ignore[no-untyped-call]
        try:
            self.client = storage.Client(project=access.gcs_project or None, **options)
        except (DefaultCredentialsError, OSError) as fault:
            raise SettingsError(f"{root}: {str(fault).split('.')[0]}; set the Google credentials.") from fault
        pool = HTTPAdapter(pool_connections=4, pool_maxsize=4 * access.workers)
        self.client._http.mount("https://", pool)
        self.client._http.mount("http://", pool)
        self.bucket = self.client.bucket(place.bucket)

    def key(self, name: str) -> str:
        return self.prefix + name

    def uri(self, name: str) -> str:
        return f"gs://{self.bucket.name}/{self.key(name)}"

    def blob(self, name: str) -> storage.Blob:
        return self.bucket.blob(self.key(name), kms_key_name=self.kms_key)

    def stat(self, name: str) -> Stored | None:
        found = self.ask(name, lambda: self.bucket.get_blob(self.key(name), retry=None))
        if found is None:
            return None
        return Stored(name, found.size, (found.metadata or {}).get("sha256", ""), str(found.generation))

    def list(self, prefix: str = "") -> Iterator[Stored]:
        token: str | None = None

        def page() -> tuple[builtins.list[Any], str | None]:
            # a question of its own per page: the library's iterator ends for good at a fault, as if it had told all
            found = self.client.list_blobs(
                self.bucket, prefix=folder_prefix(self.prefix, prefix) or None, page_token=token, retry=None
            )
            return builtins.list(next(found.pages, ())), found.next_page_token

        while True:
            blobs, token = self.ask(prefix, page)
            for found in blobs:
                name = found.name[len(self.prefix) :]
                if visible(name):
                    yield Stored(name, found.size, version=str(found.generation))
            if not token:
                return

    def read_range(self, name: str, offset: int, length: int, version: str = "") -> bytes:
        blob = self.bucket.blob(self.key(name), generation=int(version) if version else None)
        try:
            found = self.ask(
                name,
                lambda: blob.download_as_bytes(
                    start=offset,
                    end=offset + length - 1,
                    raw_download=True,
                    checksum=None,
                    retry=None,
                    timeout=60,
                ),
            )
        except exceptions.NotFound:
            raise (self.changed(name) if version else self.missing(name)) from None
        if len(found) != length:
            raise self.changed(name)
        return bytes(found)

    def put(self, name: str, content: bytes, sha256: str, *, create_only: bool) -> bool:
        blob = self.blob(name)
        blob.metadata = {"sha256": sha256}
        return self.send(blob, content, create_only=create_only)

    def send(self, blob: storage.Blob, content: bytes, *, create_only: bool) -> bool:
        """Upload in one request, whose CRC32C the server checks; False when the name is taken."""
        blob.crc32c = _crc32c(content)
        try:
            self.ask(
                blob.name[len(self.prefix) :],
                lambda: blob.upload_from_string(
                    content,
                    content_type="application/octet-stream",
                    if_generation_match=0 if create_only else None,
                    retry=None,
                    timeout=120,
                    checksum="crc32c",
                ),
            )
        except exceptions.PreconditionFailed:
            return False
        return True

    def start_upload(self, name: str, size: int, fingerprint: str) -> Upload:
        return _Parts(self, name, size, fingerprint)

    def ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service, again when it does not answer (the library's own repetition is off: one rule for all)."""
        return self.patiently(lambda: self._ask(name, call))

    def _ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service; what it refuses comes out as one sentence, except what the callers expect."""
        try:
            return call()
        except (exceptions.NotFound, exceptions.PreconditionFailed) as fault:
            if "bucket does not exist" in str(fault):
                raise SettingsError(f"{self.uri(name)}: the bucket does not exist; create it.") from fault
            raise
        except (exceptions.Forbidden, exceptions.Unauthorized) as fault:
            raise SettingsError(
                f"{self.uri(name)} is refused by Google; check credentials and rights."
            ) from fault
        except (exceptions.ServerError, exceptions.TooManyRequests, exceptions.RetryError) as fault:
            raise Unreachable(
                f"{self.uri(name)}: Google asks for patience ({fault.__class__.__name__}); run again."
            ) from fault
        except exceptions.GoogleAPIError as fault:
            raise InputError(
                f"{self.uri(name)}: Google says {' '.join(str(fault).split())[:300]}."
            ) from fault
        except (requests.RequestException, TransportError, OSError) as fault:
            raise Unreachable(
                f"{self.uri(name)} cannot be reached ({' '.join(str(fault).split())[:200].rstrip('.')}); run again."
            ) from fault


def _crc32c(content: bytes) -> str:
    checksum: Any = google_crc32c.Checksum(content)  # type: ignore[no-untyped-call]
    return base64.b64encode(checksum.digest()).decode()


class _Parts(Upload):
    """Parts under a hidden name of their own; composed in one step, or by several when there are more than 32."""

    def __init__(self, lake: GcsLake, name: str, size: int, fingerprint: str) -> None:
        self.lake, self.name, self.size = lake, name, size
        self.part_bytes = lake.block_bytes
        self.folder = f".uploads/{fingerprint}-{self.part_bytes}"
        self.count = -(-size // self.part_bytes)
        prefix = lake.key(self.folder) + "/"
        there = lake.ask(
            name,
            lambda: {
                b.name[len(prefix) :]: b.size for b in lake.client.list_blobs(lake.bucket, prefix=prefix)
            },
        )
        self.done = {
            part
            for part in range(self.count)
            if there.get(f"{part:06d}") == min(self.part_bytes, size - part * self.part_bytes)
        }

    def put(self, part: int, content: bytes) -> None:
        self.lake.send(self.lake.blob(f"{self.folder}/{part:06d}"), content, create_only=False)

    def commit(self, *, create_only: bool) -> bool:
        names = [f"{self.folder}/{part:06d}" for part in range(self.count)]
        level = 0
        while len(names) > MOST_COMPONENTS:
            level += 1
            groups = [names[i : i + MOST_COMPONENTS] for i in range(0, len(names), MOST_COMPONENTS)]
            names = [f"{self.folder}/{level}-{number:06d}" for number in range(len(groups))]
            for group, name in zip(groups, names, strict=True):
                self._compose(group, name, create_only=False)
        appeared = self._compose(names, self.name, create_only=create_only)
        if appeared:
            self.abandon()
        return appeared

    def _compose(self, names: list[str], into: str, *, create_only: bool) -> bool:
        # not Blob.compose of the library: that leaves the destination's key out of the request
        lake = self.lake
        query: dict[str, Any] = {"kmsKeyName": lake.kms_key} if lake.kms_key else {}
        if create_only:
            query["ifGenerationMatch"] = 0
        request = {
            "sourceObjects": [{"name": lake.key(name)} for name in names],
            "destination": {"contentType": "application/octet-stream"},
        }
        try:
            lake.ask(
                self.name,
                lambda: lake.client._connection.api_request(
                    method="POST",
                    path=f"{lake.bucket.blob(lake.key(into)).path}/compose",
                    query_params=query,
                    data=request,
                    timeout=300,
                ),
            )
        except exceptions.PreconditionFailed:
            return False
        return True

    def abandon(self) -> None:
        lake = self.lake
        for blob in lake.ask(
            self.name, lambda: list(lake.client.list_blobs(lake.bucket, prefix=lake.key(self.folder) + "/"))
        ):
            try:
                lake.ask(self.name, lambda blob=blob: blob.delete(retry=None))  # type: ignore[misc]
            except exceptions.NotFound:
                continue
