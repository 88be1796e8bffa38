"""What the stand-in keeps: objects as files below <folder>/<bucket>/<name>, what is known of them in <folder>/.known.

The same folder stands for gs:// in the BigQuery stand-in, so its load jobs read what was written here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import google_crc32c  # type: ignore[import-untyped,unused-ignore]

Resource = dict[str, Any]
CHUNK = 1 << 20


class Refused(Exception):
    """A request that Google would refuse: HTTP status, reason, sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class Store:
    """Buckets and objects; each method is one request and holds the lock while it changes anything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, folder / ".known"
        self.known.mkdir(parents=True, exist_ok=True)
        self.incoming = folder / ".incoming"
        shutil.rmtree(self.incoming, ignore_errors=True)
        self.incoming.mkdir()
        self.lock = threading.RLock()
        self.newest = 0

    def create_bucket(self, bucket: str) -> Resource:
        if (self.known / bucket).exists():
            raise Refused(
                409,
                "conflict",
                "Your previous request to create the named bucket succeeded and you already own it.",
            )
        (self.known / bucket).mkdir()
        (self.folder / bucket).mkdir(exist_ok=True)
        return self.bucket(bucket)

    def bucket(self, bucket: str) -> Resource:
        if not (self.known / bucket).is_dir():
            raise Refused(404, "notFound", "The specified bucket does not exist.")
        return {
            "kind": "storage#bucket",
            "id": bucket,
            "name": bucket,
            "location": "EU",
            "storageClass": "STANDARD",
        }

    def find(self, bucket: str, name: str, generation: str | None = None) -> Resource:
        self.bucket(bucket)
        path = self._known(bucket, name)
        if not path.is_file():
            self._learn(bucket, name)
        found: Resource | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        if found is None or generation not in (None, found["generation"]):
            raise Refused(404, "notFound", f"No such object: {bucket}/{name}")
        return found

    def _learn(self, bucket: str, name: str) -> None:
        """A file that the BigQuery stand-in exported into the shared folder becomes an object; what it has not
        finished has a hidden name."""
        path = self.folder / bucket / name
        if ".." in Path(name).parts or any(p.startswith(".") for p in Path(name).parts) or not path.is_file():
            return
        copy = self.incoming / f"learnt-{threading.get_ident()}-{time.time_ns()}"
        shutil.copyfile(path, copy)
        with suppress(Refused):  # another request learnt it meanwhile
            self.insert(bucket, name, copy, {}, {"ifGenerationMatch": "0"})

    def content(self, bucket: str, name: str) -> Path:
        return self.folder / bucket / name

    def list(self, bucket: str, prefix: str) -> Iterator[Resource]:
        """Resources by name (as UTF-8 bytes, as Google lists them)."""
        self.bucket(bucket)
        root = self.known / bucket
        # only the folder that the prefix names needs to be walked
        start = root / prefix.rsplit("/", 1)[0] if "/" in prefix else root
        names = (
            {p.relative_to(root).as_posix()[:-5] for p in start.rglob("*.json")} if start.is_dir() else set()
        )
        files = self.folder / bucket
        beside = files / start.relative_to(root)
        names |= {p.relative_to(files).as_posix() for p in beside.rglob("*") if p.is_file()}
        for name in sorted((n for n in names if n.startswith(prefix)), key=str.encode):
            try:
                yield self.find(bucket, name)
            except Refused:  # deleted meanwhile
                continue

    def insert(
        self, bucket: str, name: str, incoming: Path, properties: Resource, query: dict[str, str]
    ) -> Resource:
        """Let a file that came in whole appear as an object, if the request's conditions hold."""
        self.bucket(bucket)
        crc: Any = google_crc32c.Checksum()  # type: ignore[no-untyped-call]
        md5, size = hashlib.md5(usedforsecurity=False), 0
        with incoming.open("rb") as content:
            while piece := content.read(CHUNK):
                crc.update(piece)
                md5.update(piece)
                size += len(piece)
        sums = {
            "crc32c": base64.b64encode(crc.digest()).decode(),
            "md5Hash": base64.b64encode(md5.digest()).decode(),
        }
        for key, found in sums.items():
            if properties.get(key, found) != found:
                raise Refused(
                    400,
                    "invalid",
                    f'Provided {key} "{properties[key]}" doesn\'t match calculated {key} "{found}".',
                )
        if query.get("composed"):
            del sums["md5Hash"]  # Google knows no MD5 of a composite object
        with self.lock:
            self._check(bucket, name, query)
            self.newest = max(self.newest + 1, time.time_ns() // 1000)
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            resource = {
                "kind": "storage#object", "bucket": bucket, "name": name, "id": f"{bucket}/{name}/{self.newest}",
                "generation": str(self.newest), "metageneration": "1", "size": str(size), "timeCreated": now, "updated": now,
                "contentType": properties.get("contentType", "application/octet-stream"), "storageClass": "STANDARD",
                "etag": f"C{self.newest}", **sums,
            }  # fmt: skip
            if properties.get("metadata"):
                resource["metadata"] = properties["metadata"]
            if query.get("kmsKeyName"):
                resource["kmsKeyName"] = f"{query['kmsKeyName']}/cryptoKeyVersions/1"
            target, known = self.content(bucket, name), self._known(bucket, name)
            for path in (target, known):
                path.parent.mkdir(parents=True, exist_ok=True)
            incoming.replace(target)
            partial = self.incoming / f"known-{self.newest}"
            partial.write_text(json.dumps(resource), encoding="utf-8")
            partial.replace(known)
        return resource

    def compose(self, bucket: str, name: str, request: Resource, query: dict[str, str]) -> Resource:
        sources: Iterable[Resource] = request.get("sourceObjects", ())
        names = [source["name"] for source in sources]
        if not 1 <= len(names) <= 32:
            raise Refused(400, "invalid", "The number of source components must be between 1 and 32.")
        incoming = self.incoming / f"compose-{threading.get_ident()}-{time.time_ns()}"
        with incoming.open("wb") as whole:
            for source in names:
                self.find(bucket, source)
                with self.content(bucket, source).open("rb") as content:
                    # the kernel copies; nothing passes through this process
                    while os.sendfile(whole.fileno(), content.fileno(), None, 1 << 30):
                        pass
        return self.insert(bucket, name, incoming, request.get("destination", {}), query | {"composed": "1"})

    def delete(self, bucket: str, name: str) -> None:
        with self.lock:
            self.find(bucket, name)
            self._known(bucket, name).unlink()
            self.content(bucket, name).unlink(missing_ok=True)

    def _known(self, bucket: str, name: str) -> Path:
        return self.known / bucket / f"{name}.json"

    def _check(self, bucket: str, name: str, query: dict[str, str]) -> None:
        wanted = query.get("ifGenerationMatch")
        if wanted is None:
            return
        path = self._known(bucket, name)
        current = json.loads(path.read_text(encoding="utf-8"))["generation"] if path.is_file() else "0"
        if wanted != current:
            raise Refused(
                412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold."
            )
