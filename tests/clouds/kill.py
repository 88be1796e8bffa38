"""A copy in a process of its own, slow enough to be killed in its middle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from flows.lake import Access, FolderLake, Lake

PROGRAM = """
import json, sys
from pathlib import Path
from flows.lake import Access, Throttle, copy_object, open_lake
access = json.loads(Path(sys.argv[1]).read_text())
throttle = Throttle(access.pop("bytes_per_second"))
lakes = [open_lake(root, Access(**access)) for root in sys.argv[2:]]
copy_object(lakes[0], "large", lakes[1], "large", throttle=throttle)
"""


def write(access: Access, path: Path, bytes_per_second: int) -> Path:
    """Access settings for the process, in a file; one part at a time, so that the order is known."""
    path.write_text(
        json.dumps(asdict(access) | {"bytes_per_second": bytes_per_second, "workers": 1}), encoding="utf-8"
    )
    return path


def fingerprint(source: Lake) -> str:
    """What tells the object ``large`` of the source from another content (flows/lake/copying.py)."""
    found = source.stat("large")
    assert found is not None
    return hashlib.sha256(f"{source.uri('large')}|{found.size}|{found.version}|".encode()).hexdigest()[:16]


def parts_there(lake: Lake, name: str = "large") -> bool:
    """True when at least two parts have arrived, by what the store itself tells."""
    if isinstance(lake, FolderLake):
        return any(p.read_text().count("\n") >= 2 for p in lake.folder.rglob(".*.parts"))
    if hasattr(lake, "account_url"):
        try:
            _, waiting = lake.client.get_blob_client(lake.key(name)).get_block_list("uncommitted")  # type: ignore[attr-defined]
        except Exception:
            return False
        return len(waiting) >= 2
    if hasattr(lake, "kms_key"):
        there = lake.client.list_blobs(lake.bucket, prefix=lake.key(".uploads/"))  # type: ignore[attr-defined]
        return len(list(there)) >= 2
    uploads = lake.client.list_multipart_uploads(Bucket=lake.bucket, Prefix=lake.key(name)).get("Uploads", ())  # type: ignore[attr-defined]
    return any(
        len(lake.client.list_parts(Bucket=lake.bucket, Key=u["Key"], UploadId=u["UploadId"]).get("Parts", ()))
        >= 2  # type: ignore[attr-defined]
        for u in uploads
    )
