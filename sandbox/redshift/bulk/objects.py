"""Where s3:// lies: a folder with one subfolder per bucket, or an endpoint that speaks S3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

SCHEME = "s3://"


class NoSuchBucket(Exception):
    """The bucket does not exist, or its name cannot be one."""


@dataclass(frozen=True)
class Stored:
    """One object: its address and its size in bytes."""

    uri: str
    size: int


class Objects(Protocol):
    """Reads and writes objects by address (s3://bucket/key)."""

    def under(self, uri: str) -> list[Stored]:
        """Objects whose address begins so, in order; none is no error. Raises NoSuchBucket."""

    def open(self, uri: str) -> BinaryIO:
        """Raises FileNotFoundError."""

    def write(self, uri: str, content: bytes) -> None:
        """The whole object, or nothing. Raises NoSuchBucket."""

    def delete(self, uri: str) -> None: ...


def split(uri: str) -> tuple[str, str]:
    """Bucket and key. Raises NoSuchBucket for anything that is no address of S3."""
    bucket, _, key = uri.removeprefix(SCHEME).partition("/")
    if not uri.startswith(SCHEME) or not bucket or bucket in (".", "..") or "\\" in bucket:
        raise NoSuchBucket(uri)
    return bucket, key


class Folder:
    """Buckets as subfolders of a folder. A key never leads out of its bucket."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def under(self, uri: str) -> list[Stored]:
        bucket, key = split(uri)
        top = self._root / bucket
        if not top.is_dir():
            raise NoSuchBucket(bucket)
        start = top / key.rpartition("/")[0] if "/" in key else top
        if ".." in key.split("/") or not start.is_dir():
            return []
        found = []
        for file in start.rglob("*"):
            if file.is_file():
                name = file.relative_to(top).as_posix()
                if name.startswith(key):
                    found.append(Stored(f"{SCHEME}{bucket}/{name}", file.stat().st_size))
        return sorted(found, key=lambda stored: stored.uri)

    def open(self, uri: str) -> BinaryIO:
        return self._file(uri).open("rb")

    def write(self, uri: str, content: bytes) -> None:
        whole_file(self._file(uri), content)

    def delete(self, uri: str) -> None:
        self._file(uri).unlink(missing_ok=True)

    def _file(self, uri: str) -> Path:
        bucket, key = split(uri)
        if not (self._root / bucket).is_dir():
            raise NoSuchBucket(bucket)
        if ".." in key.split("/") or not key:
            raise FileNotFoundError(uri)
        return self._root / bucket / key


class WithHome:
    """Other objects, and beside them, by their paths, the files below the project's home: its lake may be a folder there."""

    def __init__(self, objects: Objects, home: Path) -> None:
        self._objects = objects
        self._home = home.absolute()

    def under(self, uri: str) -> list[Stored]:
        if not self._is_ours(uri):
            return self._objects.under(uri)
        start = Path(uri).parent
        found = [
            Stored(str(f), f.stat().st_size)
            for f in start.rglob("*")
            if f.is_file() and str(f).startswith(uri)
        ]
        return sorted(found, key=lambda stored: stored.uri)

    def open(self, uri: str) -> BinaryIO:
        return Path(uri).open("rb") if self._is_ours(uri) else self._objects.open(uri)

    def write(self, uri: str, content: bytes) -> None:
        if not self._is_ours(uri):
            self._objects.write(uri, content)
            return
        whole_file(Path(uri), content)

    def delete(self, uri: str) -> None:
        if self._is_ours(uri):
            Path(uri).unlink(missing_ok=True)
        else:
            self._objects.delete(uri)

    def _is_ours(self, uri: str) -> bool:
        path = Path(uri)
        return path.is_absolute() and ".." not in path.parts and self._home in path.parents


def whole_file(file: Path, content: bytes) -> None:
    """Write a file that is seen whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


class Endpoint:
    """Any server of S3's interface, by boto3."""

    def __init__(self, url: str) -> None:
        import boto3
        from botocore.config import Config

        self._client: Any = boto3.client(
            "s3", endpoint_url=url, region_name="eu-west-1", aws_access_key_id="sandbox", aws_secret_access_key="sandbox",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )  # fmt: skip

    def under(self, uri: str) -> list[Stored]:
        bucket, key = split(uri)
        found = []
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
                found += [Stored(f"{SCHEME}{bucket}/{o['Key']}", o["Size"]) for o in page.get("Contents", [])]
        except self._client.exceptions.NoSuchBucket as problem:
            raise NoSuchBucket(bucket) from problem
        return sorted(found, key=lambda stored: stored.uri)

    def open(self, uri: str) -> BinaryIO:
        import io

        bucket, key = split(uri)
        try:
            body: bytes = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey as problem:
            raise FileNotFoundError(uri) from problem
        except self._client.exceptions.NoSuchBucket as problem:
            raise NoSuchBucket(bucket) from problem
        return io.BytesIO(body)

    def write(self, uri: str, content: bytes) -> None:
        bucket, key = split(uri)
        try:
            self._client.put_object(Bucket=bucket, Key=key, Body=content)
        except self._client.exceptions.NoSuchBucket as problem:
            raise NoSuchBucket(bucket) from problem

    def delete(self, uri: str) -> None:
        bucket, key = split(uri)
        self._client.delete_object(Bucket=bucket, Key=key)
