"""A lake in Amazon S3, by boto3.

Conditional writes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
Checksums of parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import boto3
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import Access, Location
from flows.lake.store import Lake, Stored, Upload, folder_prefix, visible

T = TypeVar("T")
MOST_PARTS = 10_000
LEAST_PART = 5 << 20  # all parts but the last
TAKEN = ("PreconditionFailed", "412")
GONE = ("404", "NoSuchKey", "NotFound")
REFUSED = (
    "403",
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "NoSuchBucket",
    "ExpiredToken",
)


class S3Lake(Lake):
    """A lake below a prefix of a bucket; writes ask for encryption with the KMS key of the settings, else with S3's own."""

    def __init__(self, root: str, place: Location, access: Access) -> None:
        self.root, self.bucket, self.prefix = root, place.bucket, folder_prefix(place.prefix)
        self.block_bytes, self.workers = max(access.block_bytes, LEAST_PART), access.workers
        self.patience_seconds = access.patience_seconds
        self.encryption = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": access.s3_kms_key}
            if access.s3_kms_key
            else {"ServerSideEncryption": "AES256"}
        )
        self.client = boto3.session.Session().client(
            "s3",
            endpoint_url=access.s3_endpoint or None,
            region_name=access.s3_region or None,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                connect_timeout=10,
                read_timeout=60,
                max_pool_connections=max(10, 4 * access.workers),
                s3={"addressing_style": "path"} if access.s3_endpoint else {},
            ),
        )

    def key(self, name: str) -> str:
        return self.prefix + name

    def uri(self, name: str) -> str:
        return f"s3://{self.bucket}/{self.key(name)}"

    def stat(self, name: str) -> Stored | None:
        try:
            found = self.ask(name, lambda: self.client.head_object(Bucket=self.bucket, Key=self.key(name)))
        except _Gone:
            return None
        return Stored(
            name,
            found["ContentLength"],
            found.get("Metadata", {}).get("sha256", ""),
            found["ETag"].strip('"'),
        )

    def list(self, prefix: str = "") -> Iterator[Stored]:
        more: dict[str, str] = {}

        def ask_page() -> Any:
            # a question of its own per page: a paginator ends for good at a fault, as if it had told all
            return self.client.list_objects_v2(
                Bucket=self.bucket, Prefix=folder_prefix(self.prefix, prefix), **more
            )

        while True:
            page = self.ask(prefix, ask_page)
            for found in page.get("Contents", ()):
                name = found["Key"][len(self.prefix) :]
                if visible(name):
                    yield Stored(name, found["Size"], version=found["ETag"].strip('"'))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def read_range(self, name: str, offset: int, length: int, version: str = "") -> bytes:
        same = {"IfMatch": f'"{version}"'} if version else {}

        def fetch() -> bytes:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=self.key(name), Range=f"bytes={offset}-{offset + length - 1}", **same
            )
            content: bytes = answer["Body"].read()
            return content

        try:
            found = self.ask(name, fetch)
        except _Gone:
            raise self.missing(name) from None
        except _Taken:
            raise self.changed(name) from None
        if len(found) != length:
            raise self.changed(name)
        return found

    def put(self, name: str, content: bytes, sha256: str, *, create_only: bool) -> bool:
        try:
            self.ask(
                name,
                lambda: self.client.put_object(
                    Bucket=self.bucket,
                    Key=self.key(name),
                    Body=content,
                    ChecksumAlgorithm="CRC32",
                    Metadata={"sha256": sha256},
                    **({"IfNoneMatch": "*"} if create_only else {}),
                    **self.encryption,
                ),
            )
        except _Taken:
            return False
        return True

    def start_upload(self, name: str, size: int, fingerprint: str) -> Upload:
        return _MultipartUpload(self, name, size, fingerprint)

    def ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service, again when it does not answer (the library's own repetition is off: one rule for all)."""
        return self.patiently(lambda: self._ask(name, call))

    def _ask(self, name: str, call: Callable[[], T]) -> T:
        """Call the service; what it refuses comes out as one sentence."""
        try:
            return call()
        except ClientError as fault:
            code = str(fault.response.get("Error", {}).get("Code", ""))
            if code in GONE:
                raise _Gone(name) from None
            if code in TAKEN:
                raise _Taken(name) from None
            if code in REFUSED:
                raise SettingsError(
                    f"{self.uri(name)} is refused by S3 ({code}); check bucket, credentials and rights."
                ) from fault
            if code == "BadDigest":
                raise Unreachable(f"{self.uri(name)} was damaged on its way; run again.") from fault
            if (
                code == "ConditionalRequestConflict"
                or fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 429
            ):
                raise Unreachable(f"{self.uri(name)}: S3 asks for patience ({code}); run again.") from fault
            raise InputError(f"{self.uri(name)}: S3 says {fault}.") from fault
        except (BotoCoreError, urllib3.exceptions.HTTPError) as fault:
            if "credential" in str(fault).lower() or "region" in str(fault).lower():
                raise SettingsError(
                    f"{self.uri(name)}: {str(fault).rstrip('.')}; set the AWS variables."
                ) from fault
            raise Unreachable(
                f"{self.uri(name)} cannot be reached ({' '.join(str(fault).split()).rstrip('.')}); run again."
            ) from fault


class _Gone(Exception):
    """There is no such object."""


class _Taken(Exception):
    """A condition of the request does not hold."""


class _MultipartUpload(Upload):
    """A multipart upload. S3 itself knows which parts are there; an object of its own, the mark, tells which content and
    part size an upload is of, because an upload that is under way shows no metadata."""

    def __init__(self, lake: S3Lake, name: str, size: int, fingerprint: str) -> None:
        self.lake, self.name = lake, name
        self.part_bytes = max(lake.block_bytes, -(-size // MOST_PARTS))
        self.size, self.fingerprint = size, fingerprint
        self.parts: dict[int, dict[str, Any]] = {}
        # the mark beside the object says which upload carries this content
        self.mark = lake.key(f".uploads/{fingerprint}")
        self.upload_id = self._resume() or self._begin()
        self.done = set(self.parts)

    def _begin(self) -> str:
        lake = self.lake
        begun = lake.ask(
            self.name,
            lambda: lake.client.create_multipart_upload(
                Bucket=lake.bucket, Key=lake.key(self.name), ChecksumAlgorithm="CRC32", **lake.encryption
            ),
        )
        upload_id: str = begun["UploadId"]
        lake.ask(
            self.name,
            lambda: lake.client.put_object(
                Bucket=lake.bucket,
                Key=self.mark,
                Body=f"{self.part_bytes} {upload_id}".encode(),
                **lake.encryption,
            ),
        )
        return upload_id

    def _resume(self) -> str | None:
        """The upload of an earlier try, when it is of the same content and part size and S3 still holds it."""
        lake = self.lake
        try:
            body = lake.ask(
                self.name, lambda: lake.client.get_object(Bucket=lake.bucket, Key=self.mark)["Body"].read()
            )
            step, upload_id = body.decode().split(" ", 1)
            if int(step) != self.part_bytes:
                return None
            pages = lake.ask(
                self.name,
                lambda: list(
                    lake.client.get_paginator("list_parts").paginate(
                        Bucket=lake.bucket, Key=lake.key(self.name), UploadId=upload_id
                    )
                ),
            )
        except (_Gone, InputError):  # no mark, or S3 has forgotten the upload
            return None
        for page in pages:
            for found in page.get("Parts", ()):
                part = found["PartNumber"] - 1
                if found["Size"] == min(self.part_bytes, self.size - part * self.part_bytes):
                    self.parts[part] = _named(found)
        return str(upload_id)

    def put(self, part: int, content: bytes) -> None:
        lake = self.lake
        answer = lake.ask(
            self.name,
            lambda: lake.client.upload_part(
                Bucket=lake.bucket,
                Key=lake.key(self.name),
                UploadId=self.upload_id,
                PartNumber=part + 1,
                Body=content,
                ChecksumAlgorithm="CRC32",
            ),
        )
        self.parts[part] = _named(answer | {"PartNumber": part + 1})

    def commit(self, *, create_only: bool) -> bool:
        lake = self.lake
        try:
            lake.ask(
                self.name,
                lambda: lake.client.complete_multipart_upload(
                    Bucket=lake.bucket,
                    Key=lake.key(self.name),
                    UploadId=self.upload_id,
                    MultipartUpload={"Parts": [self.parts[part] for part in sorted(self.parts)]},
                    **({"IfNoneMatch": "*"} if create_only else {}),
                ),
            )
        except _Taken:
            return False
        except InputError:
            # the answer to an earlier try was lost: then the upload is gone and the object is there
            if lake.stat(self.name) is None:
                raise
            return False
        self._forget_mark()
        return True

    def abandon(self) -> None:
        lake = self.lake
        with suppress(_Gone, InputError):
            lake.ask(
                self.name,
                lambda: lake.client.abort_multipart_upload(
                    Bucket=lake.bucket, Key=lake.key(self.name), UploadId=self.upload_id
                ),
            )
        self._forget_mark()

    def _forget_mark(self) -> None:
        lake = self.lake
        lake.ask(self.name, lambda: lake.client.delete_object(Bucket=lake.bucket, Key=self.mark))


def _named(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("PartNumber", "ETag", "ChecksumCRC32") if key in found}
