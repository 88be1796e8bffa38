"""Kafka, for instance Amazon MSK, by confluent-kafka (librdkafka).

Offsets are kept by our own checkpoints, not by a consumer group, so that both kinds of stream restart alike.
https://docs.confluent.io/platform/current/clients/confluent-kafka-python/html/index.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import Access, is_loopback
from flows.patience import patiently
from flows.streams.stream import Record, Stream

DIGITS = 20
REFUSED = (
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._UNKNOWN_TOPIC,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
)


class KafkaStream(Stream):
    """Positions are offsets, padded to one length. Beyond this machine the connection is encrypted (MSK: port 9094)."""

    def __init__(self, topic: str, servers: str, access: Access) -> None:
        if not servers:
            raise SettingsError(
                "kafka:// needs its bootstrap servers; set CUSTOMER_360_STREAM_ENDPOINT to host:port."
            )
        here = all(is_loopback(server.rsplit(":", 1)[0].strip("[] ")) for server in servers.split(","))
        self.name, self.patience_seconds = topic, access.patience_seconds
        self.settings: dict[str, Any] = {
            "bootstrap.servers": servers,
            "security.protocol": "plaintext" if here else "ssl",
            "group.id": "customer-360",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "check.crcs": True,
            "log_level": 2,
        }

    def partitions(self) -> list[str]:
        consumer = Consumer(self.settings)
        try:
            return patiently(lambda: self._partitions(consumer), self.patience_seconds)
        finally:
            consumer.close()

    def _partitions(self, consumer: Consumer) -> list[str]:
        try:
            topic = consumer.list_topics(self.name, timeout=10).topics[self.name]
        except KafkaException as fault:
            raise self._fault(fault.args[0]) from fault
        if topic.error is not None:
            raise self._fault(topic.error)
        return [str(number) for number in sorted(topic.partitions)]

    def pages(self, partition: str, after: str) -> Iterator[list[Record]]:
        consumer = Consumer(self.settings)
        try:
            first = patiently(lambda: self._first(consumer, partition, after), self.patience_seconds)
            consumer.assign([TopicPartition(self.name, int(partition), first)])
            silent_since, at_end = time.monotonic(), False
            while True:
                records = []
                for message in consumer.consume(num_messages=10_000, timeout=0.2):
                    fault = message.error()
                    if fault is None:
                        records.append(_record(message))
                        at_end = False
                    elif fault.code() == KafkaError._PARTITION_EOF:  # told once, each time the end is reached
                        at_end = True
                    elif fault.fatal() or fault.code() in REFUSED:
                        raise self._fault(fault)
                    # the library itself goes on after any other fault, such as a broker that went away
                if records:
                    silent_since = time.monotonic()
                    yield records
                elif not at_end and time.monotonic() - silent_since > self.patience_seconds:
                    raise Unreachable(f"topic {self.name}: no broker answers; run again.")
                if at_end:
                    yield []
        finally:
            consumer.close()

    def _first(self, consumer: Consumer, partition: str, after: str) -> int:
        """The offset to begin at; InputError when the broker has deleted what comes next."""
        try:
            low, high = consumer.get_watermark_offsets(TopicPartition(self.name, int(partition)), timeout=10)
        except KafkaException as fault:
            raise self._fault(fault.args[0]) from fault
        first = int(after) + 1 if after else int(low)
        if not low <= first <= high:
            raise InputError(
                f"stream {self.name}, partition {partition}: offset {first} is not kept any more ({low} to {high} are); load the gap from the systems of record, then delete the checkpoint."
            )
        return first

    def _fault(self, fault: KafkaError) -> Exception:
        if fault.code() in REFUSED:
            return SettingsError(
                f"topic {self.name} is refused by Kafka ({fault.name()}); check name and rights."
            )
        return Unreachable(f"topic {self.name} cannot be reached ({fault.name()}); run again.")


def _record(message: Any) -> Record:
    _, milliseconds = message.timestamp()
    return Record(
        str(message.offset()).zfill(DIGITS),
        (message.key() or b"").decode(errors="replace"),
        message.value() or b"",
        datetime.fromtimestamp(max(milliseconds, 0) / 1000, UTC),
    )
