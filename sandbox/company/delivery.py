"""python -m sandbox.company.delivery: the simulated company's systems leave their work where they do in the clouds.

Database change files and exports lie in S3 as AWS DMS leaves them, finance's files in Azure, and every click and profile
change is a record of the Kinesis stream. What was delivered is not delivered again; --again puts the events of the
stream once more, as a producer does that lost its acknowledgements.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.services import ACCOUNT, KEY, REGION

STREAMED = {"web/events": "anonymous_id", "profile/changes": "customer_id"}
BUCKET, CONTAINER, MARKS = "company-dms", "finance", "delivered/"


def main() -> int:
    """Deliver what is new. Exit code 2 when there is no company."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.company.delivery", description=__doc__)
    parser.add_argument("--company", type=Path, required=True, help="outboxes that sandbox.company wrote")
    parser.add_argument("--aws", required=True, help="address of S3 and Kinesis")
    parser.add_argument(
        "--azure", required=True, help=f"address of Azure Blob Storage, account {ACCOUNT} included"
    )
    parser.add_argument("--stream", default="events", help="name of the Kinesis stream")
    parser.add_argument("--again", action="store_true", help="put the events of the stream once more")
    given = parser.parse_args()
    if not (given.company / "company.json").exists():
        print(f"delivery: {given.company} holds no company; run sandbox.company first.", file=sys.stderr)
        return 2
    s3, kinesis = (_aws(given.aws, service) for service in ("s3", "kinesis"))
    files, size = _to_s3(s3, given.company)
    finance, finance_size = _to_azure(given.azure, given.company)
    events = _to_stream(s3, kinesis, given.stream, given.company, again=given.again)
    print(f"delivered: {files:,} files to S3 ({size:,} bytes), {finance:,} to Azure ({finance_size:,} bytes), {events:,} events to Kinesis")  # fmt: skip
    return 0


def _aws(address: str, service: str) -> Any:
    import boto3

    return boto3.client(
        service, endpoint_url=address, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )  # fmt: skip


def _files(company: Path, *, finance: bool) -> Iterator[tuple[str, Path]]:
    """Files that are no stream, by name."""
    for path in sorted(company.glob("*/*/**/*")):
        name = path.relative_to(company).as_posix()
        source, table = name.split("/")[:2]
        if not path.is_file() or path.name.startswith(".") or source in ("truth", "ml"):
            continue
        if f"{source}/{table}" not in STREAMED and (source == "finance") == finance:
            yield name, path


def _to_s3(s3: Any, company: Path) -> tuple[int, int]:
    there = set(_keys(s3, "outbox/"))
    new = [(n, p) for n, p in _files(company, finance=False) if f"outbox/{n}" not in there]
    for name, path in new:
        s3.put_object(Bucket=BUCKET, Key=f"outbox/{name}", Body=path.read_bytes())
    return len(new), sum(p.stat().st_size for _, p in new)


def _to_azure(address: str, company: Path) -> tuple[int, int]:
    from azure.storage.blob import BlobServiceClient

    service = BlobServiceClient(address, credential={"account_name": ACCOUNT, "account_key": KEY})
    container = service.get_container_client(CONTAINER)
    there = {blob.name for blob in container.list_blobs(name_starts_with="outbox/")}
    new = [(n, p) for n, p in _files(company, finance=True) if f"outbox/{n}" not in there]
    for name, path in new:
        container.upload_blob(f"outbox/{name}", path.read_bytes())
    return len(new), sum(p.stat().st_size for _, p in new)


def _to_stream(s3: Any, kinesis: Any, stream: str, company: Path, *, again: bool) -> int:
    """A mark in S3 says that a file's events were put, so that marks go when the stand-in's state goes."""
    marks, sent = set(_keys(s3, MARKS)), 0
    for folder, key in STREAMED.items():
        for path in sorted((company / folder).rglob("*.jsonl")):
            mark = MARKS + path.relative_to(company).as_posix()
            if mark in marks and not again:
                continue
            records = [{"PartitionKey": _key(line, key), "Data": line} for line in path.read_bytes().splitlines()]  # fmt: skip
            for first in range(0, len(records), 500):
                _put(kinesis, stream, records[first : first + 500])
            s3.put_object(Bucket=BUCKET, Key=mark, Body=b"")
            sent += len(records)
    return sent


def _put(kinesis: Any, stream: str, records: list[dict[str, Any]]) -> None:
    while records:
        answer = kinesis.put_records(StreamName=stream, Records=records)
        # what a full shard refused is put again
        records = [r for r, told in zip(records, answer["Records"], strict=True) if told.get("ErrorCode")]


def _key(line: bytes, name: str) -> str:
    try:
        return str(json.loads(line).get(name) or "none")
    except (ValueError, AttributeError):
        return "none"


def _keys(s3: Any, prefix: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
        for found in page.get("Contents", ()):
            yield str(found["Key"])


if __name__ == "__main__":
    sys.exit(main())
