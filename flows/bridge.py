"""Bridge: events of the stream are passed on to Google Pub/Sub as they come, for consumers there.

Ordered by the stream's own key; at least once, with the event's id as attribute ``event_id``, by which consumers drop
what they have seen. What cannot be passed on goes to the dead-letter topic with its reason, so that it holds up nothing.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flows.errors import SettingsError
from flows.settings import Settings
from flows.streams import Record, Stream, open_stream
from flows.streams.batching import Limits, batches
from flows.streams.checkpoints import Checkpoints
from flows.streams.routing import Router
from flows.streams.topic import MOST_BYTES, MOST_KEY, Message, Topic


@dataclass(frozen=True)
class Bridged:
    """Events that were passed on, and records that went to the dead letters."""

    events: int
    dead_letters: int


def bridge(settings: Settings, follow_seconds: float = 0) -> Bridged:
    """Pass on what the stream holds behind the bridge's checkpoints; raises SettingsError, InputError, Unreachable."""
    for name, value in (
        ("PUBSUB_TOPIC", settings.streams.topic),
        ("PUBSUB_DEAD_LETTERS", settings.streams.dead_letters),
    ):
        if not value:
            raise SettingsError(f"the bridge needs a topic; set CUSTOMER_360_{name}.")
    stream = open_stream(settings)
    topic = Topic(settings.streams.topic_endpoint, settings.access.patience_seconds)
    work = _Bridge(settings, stream, topic, Checkpoints(settings, "bridge", stream.name), follow_seconds)
    partitions = stream.partitions()
    with ThreadPoolExecutor(max(1, min(len(partitions), settings.access.workers))) as pool:
        done = list(pool.map(work.partition, partitions))
    return Bridged(sum(d.events for d in done), sum(d.dead_letters for d in done))


@dataclass
class _Bridge:
    settings: Settings
    stream: Stream
    topic: Topic
    checkpoints: Checkpoints
    follow_seconds: float

    def __post_init__(self) -> None:
        self.router = Router()
        streams = self.settings.streams
        # consumers wait for these: a batch is short, whatever the files of the raw zone are cut to
        self.limits = Limits(
            min(streams.batch_bytes, 4 << 20),
            min(streams.batch_records, 10_000),
            min(streams.batch_seconds, 1.0),
        )

    def partition(self, partition: str) -> Bridged:
        events = dead = 0
        position = self.checkpoints.position(partition)
        for batch in batches(self.stream, partition, position, self.limits, self.follow_seconds):
            passed, lost = [], []
            for record in batch:
                message, reason = self.message(partition, record)
                if reason:
                    lost.append(_dead_letter(message, reason))
                else:
                    passed.append(message)
            if lost:
                self.topic.publish(self.settings.streams.dead_letters, lost)
            self.topic.publish(self.settings.streams.topic, passed)
            events, dead = events + len(passed), dead + len(lost)
            self.checkpoints.set(
                partition, batch[-1].position, {"events": len(passed), "dead_letters": len(lost)}
            )
        return Bridged(events, dead)

    def message(self, partition: str, record: Record) -> tuple[Message, str]:
        """A record as a message, and why it cannot be passed on ('' when it can)."""
        routed = self.router.route(record.data)
        attributes = {
            "event_id": routed.event_id[:1024],
            "source": f"{routed.source}.{routed.table}",
            "position": f"{partition}/{record.position}",
        }
        reason = ""
        if not routed.event_id:
            reason, attributes["source"] = "no event of any contract", ""
        elif len(routed.line) > MOST_BYTES:
            reason = f"{len(routed.line)} bytes are more than Pub/Sub takes"
        elif len(record.key.encode()) > MOST_KEY:
            reason = "the key is longer than Pub/Sub takes"
        return Message(routed.line, record.key, attributes), reason


def _dead_letter(message: Message, reason: str) -> Message:
    """What does not fit is cut off, and known by its hash; the whole record is in the raw zone."""
    data = message.data[: MOST_BYTES // 2]
    told = {"reason": reason, "sha256": hashlib.sha256(message.data).hexdigest()}
    return Message(data, "", {key: value for key, value in (message.attributes | told).items() if value})
