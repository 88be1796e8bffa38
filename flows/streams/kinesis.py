"""Amazon Kinesis Data Streams, by boto3.

https://docs.aws.amazon.com/streams/latest/dev/developing-consumers-with-sdk.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import Access, require_tls
from flows.patience import patiently
from flows.streams.stream import Record, Stream

SECONDS_BETWEEN_READS = 0.2  # five reads per second and shard are allowed
BUSY = (
    "ProvisionedThroughputExceededException",
    "LimitExceededException",
    "KMSThrottlingException",
    "InternalFailure",
)


class KinesisStream(Stream):
    """Positions are sequence numbers behind their length, so that text sorts them as numbers and they stay as they were."""

    def __init__(self, name: str, endpoint: str, access: Access) -> None:
        require_tls(endpoint)
        self.name, self.patience_seconds = name, access.patience_seconds
        try:
            self.client = boto3.session.Session().client(
                "kinesis",
                endpoint_url=endpoint or None,
                region_name=access.s3_region or None,
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=10, read_timeout=60
                ),
            )
        except NoRegionError as fault:
            raise SettingsError(
                "the region of Kinesis is not known; set CUSTOMER_360_S3_REGION or AWS_DEFAULT_REGION."
            ) from fault

    def partitions(self) -> list[str]:
        shards: list[dict[str, Any]] = []
        more: dict[str, str] = {"StreamName": self.name}
        while True:
            page = self._ask(lambda more=more: self.client.list_shards(**more))  # type: ignore[misc]
            shards += page["Shards"]
            if not page.get("NextToken"):
                return [s["ShardId"] for s in sorted(shards, key=lambda s: s["ShardId"])]
            more = {"NextToken": page["NextToken"]}

    def pages(self, partition: str, after: str) -> Iterator[list[Record]]:
        iterator = self._iterator(partition, after)
        while iterator:
            began = time.monotonic()
            try:
                page = self._ask(
                    lambda at=iterator: self.client.get_records(ShardIterator=at, Limit=10_000)  # type: ignore[misc]
                )
            except _Expired:  # an iterator lives five minutes
                iterator = self._iterator(partition, after)
                continue
            records = [
                Record(
                    f"{len(r['SequenceNumber']):03d}-{r['SequenceNumber']}",
                    r["PartitionKey"],
                    r["Data"],
                    r["ApproximateArrivalTimestamp"].astimezone(UTC),
                )
                for r in page["Records"]
            ]
            if records:
                after = records[-1].position
                yield records
            iterator = page.get("NextShardIterator") or ""  # none: the shard is closed and read to its end
            # an empty answer is not the end: Kinesis says how far behind it is
            if not records and not page.get("MillisBehindLatest"):
                yield []
            time.sleep(max(0.0, began + SECONDS_BETWEEN_READS - time.monotonic()))
        while True:
            yield []
            time.sleep(SECONDS_BETWEEN_READS)

    def _iterator(self, partition: str, after: str) -> str:
        where = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": after.split("-", 1)[1]}
            if after
            else {"ShardIteratorType": "TRIM_HORIZON"}
        )
        answer = self._ask(
            lambda: self.client.get_shard_iterator(StreamName=self.name, ShardId=partition, **where)
        )
        return str(answer["ShardIterator"])

    def _ask(self, call: Callable[[], Any]) -> Any:
        return patiently(lambda: self._once(call), self.patience_seconds)

    def _once(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except NoCredentialsError as fault:
            raise SettingsError(
                "Kinesis needs credentials; set the AWS variables or give the machine a role."
            ) from fault
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if code == "ExpiredIteratorException":
                raise _Expired from None
            if code in ("ResourceNotFoundException", "AccessDeniedException", "UnrecognizedClientException"):
                raise SettingsError(
                    f"stream {self.name} is refused by Kinesis ({code}); check name and rights."
                ) from fault
            if code in BUSY or fault.response["ResponseMetadata"]["HTTPStatusCode"] >= 429:
                raise Unreachable(
                    f"stream {self.name}: Kinesis asks for patience ({code}); run again."
                ) from fault
            raise InputError(f"stream {self.name}: Kinesis says {fault}.") from fault
        except BotoCoreError as fault:
            raise Unreachable(
                f"stream {self.name} cannot be reached ({str(fault).rstrip('.')}); run again."
            ) from fault


class _Expired(Exception):
    """The iterator is too old."""
