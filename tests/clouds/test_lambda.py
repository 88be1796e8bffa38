"""The Lambda functions, by events in the shape that AWS documents for Kinesis."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.entry_points.aws_lambda import capture_events, curate_batch
from flows.errors import InputError, Unreachable
from flows.lake import FolderLake
from flows.settings import Settings

ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/events"
AT = 1483603200.5  # 2017-01-05 08:00:00.5
FIRST = 49590338271490256608559692538361571095921575989136588898


def kinesis_event(*data: object, shard: str = "shardId-000000000006") -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html"""
    return {
        "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "1",
                    "sequenceNumber": str(FIRST + number),
                    "data": base64.b64encode(
                        item if isinstance(item, bytes) else json.dumps(item).encode()
                    ).decode(),
                    "approximateArrivalTimestamp": AT,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"{shard}:{FIRST + number}",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
                "awsRegion": "eu-central-1",
                "eventSourceARN": ARN,
            }
            for number, item in enumerate(data)
        ]
    }


def page_view(number: int) -> dict[str, str]:
    return {
        "event_id": f"e{number}", "event_name": "page_viewed", "anonymous_id": "c",
        "occurred_at": "2017-01-05T08:00:00Z", "received_at": "2017-01-05T08:00:00Z",
    }  # fmt: skip


PREDICTION = {
    "prediction_id": "p1", "customer_key": "0" * 32, "model_name": "m", "model_version": "1", "as_of_date": "2017-01-05",
    "occurred_at": "2017-01-05T08:00:00Z", "received_at": "2017-01-05T08:00:00Z", "score": "0.5",
}  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CUSTOMER_360_HOME", str(tmp_path))
    monkeypatch.setenv("CUSTOMER_360_QUARANTINE_THRESHOLD", "0.5")
    return Settings.from_environment()


def raw_files(settings: Settings) -> list[str]:
    return [stored.name for stored in FolderLake(Path(settings.raw)).list()]


def test_micro_batches__are_captured_and_curated_once(settings: Settings) -> None:
    event = kinesis_event(page_view(1), PREDICTION, page_view(2))
    assert capture_events(event, None) == {"batchItemFailures": []}
    stretch = f"events-shardId-000000000006-056-{FIRST}-056-{FIRST + 2}.jsonl"
    expected = [
        f"ml/predictions/ingest_date=2017-01-05/{stretch}",
        f"web/events/ingest_date=2017-01-05/{stretch}",
    ]
    assert raw_files(settings) == expected
    assert capture_events(event, None) == {"batchItemFailures": []}, "Lambda delivers at least once"
    assert raw_files(settings) == expected
    # a batch that overlaps, as after a partial failure
    assert capture_events(kinesis_event(page_view(1), PREDICTION, page_view(2), page_view(3)), None) == {
        "batchItemFailures": []
    }
    told = curate_batch({}, None)
    assert told == {"batch": 1, "files": 4, "read": 7, "rows": 4, "rejected": 0, "duplicates": 3}
    assert curate_batch({}, None)["batch"] == 0
    rows = pq.read_table(next(Path(settings.curated, "web/events").rglob("*.parquet")))
    assert sorted(rows["event_id"].to_pylist()) == ["e1", "e2", "e3"]


def test_record_that_is_no_event__is_kept_and_refused_by_curation(settings: Settings) -> None:
    assert capture_events(kinesis_event(page_view(1), b"\xff\x00 no\njson"), None) == {
        "batchItemFailures": []
    }
    told = curate_batch({}, None)
    assert (told["rows"], told["rejected"]) == (1, 1)


def test_partial_failure__names_the_first_record_not_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store takes one table's file and does not answer for the other's."""
    write = FolderLake.write_new

    def failing(lake: FolderLake, name: str, content: bytes) -> Any:
        if name.startswith("web/"):
            raise Unreachable("the store asks for patience")
        return write(lake, name, content)

    monkeypatch.setattr(FolderLake, "write_new", failing)
    event = kinesis_event(PREDICTION, page_view(1), page_view(2))
    assert capture_events(event, None) == {"batchItemFailures": [{"itemIdentifier": str(FIRST + 1)}]}
    monkeypatch.undo()
    monkeypatch.setenv("CUSTOMER_360_HOME", str(settings.home))
    again = {"Records": event["Records"][1:]}  # Lambda brings the named record and all behind it
    assert capture_events(again, None) == {"batchItemFailures": []}
    told = curate_batch({}, None)
    assert (told["rows"], told["duplicates"]) == (3, 0)


@pytest.mark.parametrize("event", [{}, {"Records": [{"eventSource": "aws:sqs"}]}])
def test_event_of_something_else__is_refused(settings: Settings, event: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no records of Kinesis"):
        capture_events(event, None)
