"""AWS Lambda: events of a Kinesis stream into the raw zone, and curation on a schedule. The settings are the function's.

``capture_events`` is the target of an event source mapping with ReportBatchItemFailures: what it could not write it names,
and Lambda brings that and all behind it again. ``curate_batch`` is the target of a schedule, with a reserved concurrency
of one; CUSTOMER_360_HOME must lie below /tmp, the one place that a function may write to.
https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

from __future__ import annotations

import base64
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from flows.curate import curate
from flows.errors import InputError, Unreachable
from flows.lake import Lake, open_lake
from flows.settings import Settings
from flows.streams.routing import Router


def capture_events(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Write the records of one batch of one shard, as capture_stream.py does, and answer which have to come again.

    Raises SettingsError and InputError, which another try does not help: Lambda repeats the batch until somebody acts, or
    hands it to the mapping's destination for failures.
    """
    settings = Settings.from_environment()
    raw, router = open_lake(settings.raw, settings.access), Router()
    shards: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in _records(event):
        shards[_shard(record)].append(record)
    failures = []
    for shard, records in sorted(shards.items()):
        first_lost = _write(raw, router, shard, records)
        if first_lost:
            failures.append({"itemIdentifier": first_lost})
    return {"batchItemFailures": failures}


def curate_batch(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Curate what is new. Raises what curation does; nothing is half-written then, and the next schedule tries again."""
    batch = curate(Settings.from_environment())
    return {
        "batch": batch.number,
        **{what: batch.total(what) for what in ("files", "read", "rows", "rejected", "duplicates")},
    }


def _records(event: dict[str, Any]) -> list[dict[str, Any]]:
    records = event.get("Records")
    if not isinstance(records, list) or any(r.get("eventSource") != "aws:kinesis" for r in records):
        raise InputError(
            "the Lambda event holds no records of Kinesis; make the function the target of a Kinesis event source mapping."
        )
    return records


def _shard(record: dict[str, Any]) -> str:
    """'<stream>-<shard>', from the record's ARN and event id."""
    stream = record["eventSourceARN"].rsplit("/", 1)[-1]
    return f"{stream}-{record['eventID'].split(':', 1)[0]}"


def _write(raw: Lake, router: Router, shard: str, records: list[dict[str, Any]]) -> str:
    """One file per table and day of arrival, whose name tells the stretch of the shard: the same records again give the same
    file. Returns the sequence number of the first record that could not be written, '' when all were."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    first: dict[str, int] = {}
    for number, record in enumerate(records):
        routed = router.route(base64.b64decode(record["kinesis"]["data"]))
        arrived = datetime.fromtimestamp(record["kinesis"]["approximateArrivalTimestamp"], UTC)
        folder = f"{routed.source}/{routed.table}/ingest_date={arrived:%Y-%m-%d}"
        lines[folder].append(routed.line)
        first.setdefault(folder, number)
    sequence = [r["kinesis"]["sequenceNumber"] for r in records]
    stretch = "-".join(f"{len(s):03d}-{s}" for s in (sequence[0], sequence[-1]))
    lost = []
    for folder, found in sorted(lines.items()):
        try:
            raw.write_new(f"{folder}/{shard}-{stretch}.jsonl", b"\n".join(found) + b"\n")
        except Unreachable:
            lost.append(first[folder])
    return sequence[min(lost)] if lost else ""
