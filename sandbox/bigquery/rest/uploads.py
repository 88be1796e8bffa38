"""Uploads of load jobs: multipart in one request, or resumable in several. A client that dies leaves nothing behind.

https://cloud.google.com/bigquery/docs/reference/api-uploads
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.bigquery.errors import Failure

MOST_BYTES = 5_000_000_000  # of one upload
OLDEST = 100  # uploads that wait at once; the one that waits longest goes first


@dataclass
class Upload:
    """A resumable upload: the job it is for, and what has come so far."""

    project: str
    job: dict[str, Any]
    path: Path
    received: int = 0


class Uploads:
    """Uploads that wait for their bytes, in a folder that goes with the server."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bigquery-uploads-"))
        self._waiting: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self, project: str, job: dict[str, Any]) -> str:
        """A new resumable upload's name."""
        name = uuid.uuid4().hex
        with self._lock:
            self._waiting[name] = Upload(project, job, self.folder / name)
            while len(self._waiting) > OLDEST:
                gone = self._waiting.pop(next(iter(self._waiting)))
                gone.path.unlink(missing_ok=True)
        return name

    def get(self, name: str) -> Upload:
        found = self._waiting.get(name)
        if found is None:
            raise Failure("notFound", f"Not found: Upload {name}")
        return found

    def finish(self, name: str) -> None:
        with self._lock:
            self._waiting.pop(name, None)

    async def receive(self, upload: Upload, chunks: AsyncIterator[bytes], content_range: str) -> bool:
        """Add bytes; True when the upload is complete.

        ``content_range``: 'bytes 0-99/200', '…/*' while the size is not known, 'bytes */200' to ask how much has come.
        """
        found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", content_range) if content_range else None
        if content_range and found is None:
            raise Failure("invalid", f"Invalid Content-Range: {content_range}")
        start = int(found[1]) if found and found[1] else upload.received
        total = int(found[3]) if found and found[3] != "*" else None
        if start > upload.received:
            raise Failure(
                "invalid", f"Content-Range starts at {start}, but {upload.received} bytes have come"
            )
        with upload.path.open("r+b" if upload.path.exists() else "w+b") as file:
            file.seek(start)
            size = start
            async for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    raise Failure("uploadTooLarge", f"The upload is larger than {MOST_BYTES} bytes")
                file.write(chunk)
            file.truncate()
        upload.received = size
        return upload.received == total if total is not None else not content_range

    def multipart(self, body: bytes, content_type: str) -> tuple[dict[str, Any], Path]:
        """The job and the file of a multipart/related body."""
        boundary = re.search(r'boundary="?([^";]+)"?', content_type)
        if not boundary:
            raise Failure("badRequest", "A multipart upload needs a boundary")
        mark = b"--" + boundary[1].encode()
        parts = body.split(mark)[1:]
        if len(parts) < 3 or not parts[-1].startswith(b"--"):
            raise Failure("badRequest", "A multipart upload needs two parts: the job and the data")
        job = parse_object(_content(parts[0]))
        path = self.folder / uuid.uuid4().hex
        path.write_bytes(_content(mark.join(parts[1:-1])))
        return job, path


def _content(part: bytes) -> bytes:
    """What follows the part's own headers, without the line end in front of the next boundary."""
    separator = b"\r\n\r\n" if b"\r\n\r\n" in part else b"\n\n"
    _, _, content = part.partition(separator)
    return content.removesuffix(b"\r\n") if content.endswith(b"\r\n") else content.removesuffix(b"\n")


def parse_object(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises Failure for anything else."""
    if not data.strip():
        return {}
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Failure("parseError", f"Invalid JSON payload received. {error}") from error
    if not isinstance(told, dict):
        raise Failure("parseError", "Invalid JSON payload received. Unknown name: an object is expected")
    return told
