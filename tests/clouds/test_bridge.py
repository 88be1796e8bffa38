"""The bridge from the stream to Pub/Sub, with the real clients on both ends."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from flows.bridge import Bridged, bridge
from flows.errors import InputError, SettingsError, Unreachable
from flows.settings import Settings, StreamSettings
from flows.streams.topic import MOST_BYTES, Message, Topic
from tests.clouds.conftest import Clouds
from tests.clouds.days import settings_of
from tests.clouds.services import service
from tests.clouds.test_capture_stream import Send, kinesis
from tests.conftest import ROOT

_numbers = itertools.count()


class PubSub:
    """The stand-in, seen by the real clients."""

    def __init__(self, url: str) -> None:
        self.url, self.host = url, url.removeprefix("http://")
        self.publisher = pubsub_v1.PublisherClient(
            transport=PublisherGrpcTransport(channel=grpc.insecure_channel(self.host)),
            publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True),
        )
        self.subscriber = pubsub_v1.SubscriberClient(
            transport=SubscriberGrpcTransport(channel=grpc.insecure_channel(self.host))
        )

    def topic(self, **options: Any) -> tuple[str, str]:
        """A new topic and a subscription to it."""
        number = f"{os.getpid()}-{next(_numbers)}"
        topic, subscription = f"projects/p/topics/t-{number}", f"projects/p/subscriptions/s-{number}"
        self.publisher.create_topic(name=topic)
        self.subscriber.create_subscription(request={"name": subscription, "topic": topic} | options)
        return topic, subscription

    def pull(self, subscription: str, wanted: int, seconds: float = 10) -> list[Any]:
        """Messages in the order of their arrival, acknowledged; ends when ``wanted`` came or the time is over."""
        found: list[Any] = []
        until = time.monotonic() + seconds
        while len(found) < wanted and time.monotonic() < until:
            answer = self.subscriber.pull(subscription=subscription, max_messages=1000, timeout=10)
            if answer.received_messages:
                found += [m.message for m in answer.received_messages]
                ids = [m.ack_id for m in answer.received_messages]
                self.subscriber.acknowledge(subscription=subscription, ack_ids=ids)
        return found


@pytest.fixture(scope="session")
def pubsub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PubSub]:
    with service("pubsub", tmp_path_factory.mktemp("pubsub")) as url:
        yield PubSub(url)


def of(
    home: Path, clouds: Clouds, stream: tuple[str, str, Send], pubsub: PubSub, topic: str, dead: str
) -> Settings:
    streams = StreamSettings(stream[0], stream[1], 32 << 20, 100_000, 60.0, topic, dead, pubsub.url)
    return replace(settings_of(home, clouds.access), streams=streams)


def event(number: int) -> tuple[str, bytes]:
    return f"visitor-{number % 7}", json.dumps({"event_id": f"e{number:04d}", "n": number}).encode()


def test_bridge__passes_on_every_event_in_the_order_of_its_key(
    clouds: Clouds, pubsub: PubSub, tmp_path: Path
) -> None:
    stream, (topic, subscription), (dead, _) = (
        kinesis(clouds.aws),
        pubsub.topic(enable_message_ordering=True),
        pubsub.topic(),
    )
    stream[2]([event(n) for n in range(1200)])
    settings = of(tmp_path, clouds, stream, pubsub, topic, dead)
    assert bridge(settings) == Bridged(1200, 0)
    messages = pubsub.pull(subscription, 1200)
    assert sorted(m.attributes["event_id"] for m in messages) == [f"e{n:04d}" for n in range(1200)]
    by_key: dict[str, list[int]] = defaultdict(list)
    for m in messages:
        by_key[m.ordering_key].append(json.loads(m.data)["n"])
        assert m.attributes["source"] == "web.events"
    assert len(by_key) == 7
    assert all(numbers == sorted(numbers) for numbers in by_key.values())
    assert bridge(settings) == Bridged(0, 0), "twice changes nothing"


def test_what_cannot_pass__goes_to_the_dead_letters(clouds: Clouds, pubsub: PubSub, tmp_path: Path) -> None:
    stream, (topic, subscription), (dead, letters) = kinesis(clouds.aws), pubsub.topic(), pubsub.topic()
    stream[2]([event(1), ("a", b"no event"), ("b", b'{"colour": "blue"}'), event(2)])
    settings = of(tmp_path, clouds, stream, pubsub, topic, dead)
    assert bridge(settings) == Bridged(2, 2)
    assert len(pubsub.pull(subscription, 2)) == 2
    lost = pubsub.pull(letters, 2)
    assert {bytes(m.data) for m in lost} == {b"no event", b'{"colour": "blue"}'}
    assert {m.attributes["reason"] for m in lost} == {"no event of any contract"}
    assert all(len(m.attributes["sha256"]) == 64 and "shardId" in m.attributes["position"] for m in lost)


def test_message_that_is_too_large__has_a_reason(clouds: Clouds, pubsub: PubSub, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from flows.bridge import _Bridge
    from flows.streams import Record

    settings = of(tmp_path, clouds, kinesis(clouds.aws), pubsub, "projects/p/topics/x", "projects/p/topics/y")
    work = _Bridge(settings, None, None, None, 0)  # type: ignore[arg-type]
    data = b'{"event_id": "big", "text": "' + b"x" * MOST_BYTES + b'"}'
    for record, reason in (
        (Record("1", "k", data, datetime.now(UTC)), f"{len(data)} bytes are more than Pub/Sub takes"),
        (
            Record("1", "k" * 1025, b'{"event_id": "e"}', datetime.now(UTC)),
            "the key is longer than Pub/Sub takes",
        ),
    ):
        assert work.message("0", record)[1] == reason


PROGRAM = """
from flows.bridge import bridge
from flows.settings import Settings
bridge(Settings.from_environment(), follow_seconds=60)
"""


def test_killed_in_mid_bridge__every_event_arrives_and_is_known_by_its_id(
    clouds: Clouds, pubsub: PubSub, tmp_path: Path
) -> None:
    stream, (topic, subscription), (dead, _) = (
        kinesis(clouds.aws),
        pubsub.topic(enable_message_ordering=True),
        pubsub.topic(),
    )
    settings = of(tmp_path, clouds, stream, pubsub, topic, dead)
    environment = {
        **os.environ,
        "CUSTOMER_360_HOME": str(settings.home),
        "CUSTOMER_360_STREAM": stream[0],
        "CUSTOMER_360_STREAM_ENDPOINT": stream[1],
        "CUSTOMER_360_STREAM_BATCH_RECORDS": "50",
        "CUSTOMER_360_PUBSUB_TOPIC": topic,
        "CUSTOMER_360_PUBSUB_DEAD_LETTERS": dead,
        "CUSTOMER_360_PUBSUB_ENDPOINT": pubsub.url,
    }
    stream[2]([event(n) for n in range(2000)])
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment)
    marks = Path(settings.zone("streams"))
    until = time.monotonic() + 30
    while time.monotonic() < until and len(list(marks.rglob("*.json"))) < 3:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    rest = bridge(settings)
    assert 0 < rest.events < 2000
    seen = [m.attributes["event_id"] for m in pubsub.pull(subscription, 2000 + 500, seconds=3)]
    assert set(seen) == {f"e{n:04d}" for n in range(2000)}


def test_topic_that_is_wrong_or_away__moves_no_checkpoint(
    clouds: Clouds, pubsub: PubSub, tmp_path: Path
) -> None:
    stream, (topic, subscription), (dead, _) = kinesis(clouds.aws), pubsub.topic(), pubsub.topic()
    stream[2]([event(1)])
    settings = of(tmp_path, clouds, stream, pubsub, topic, dead)
    settings = replace(settings, access=replace(settings.access, patience_seconds=1))
    with pytest.raises(SettingsError, match="no-such is refused by Pub/Sub"):
        bridge(replace(settings, streams=replace(settings.streams, topic="projects/p/topics/no-such")))
    with pytest.raises(Unreachable, match="run again"):
        bridge(replace(settings, streams=replace(settings.streams, topic_endpoint="http://127.0.0.1:9")))
    with pytest.raises(SettingsError, match="set CUSTOMER_360_PUBSUB_DEAD_LETTERS"):
        bridge(replace(settings, streams=replace(settings.streams, dead_letters="")))
    assert bridge(settings) == Bridged(1, 0)
    assert len(pubsub.pull(subscription, 1)) == 1


def test_endpoint_in_clear_text__is_refused_beyond_this_machine() -> None:
    with pytest.raises(SettingsError, match="not encrypted"):
        Topic("http://pubsub.example:80", 1)


def test_stand_in__redelivers_in_order_and_gives_up_to_dead_letters(pubsub: PubSub) -> None:
    """A message put back comes again, before later ones of its key; after five attempts it goes to the dead letters."""
    dead, letters = pubsub.topic()
    topic, subscription = pubsub.topic(
        enable_message_ordering=True,
        dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 5},
    )
    Topic(pubsub.url, 5).publish(
        topic, [Message(str(n).encode(), "key", {"event_id": str(n)}) for n in range(3)]
    )
    for attempt in range(1, 6):
        (first,) = pubsub.subscriber.pull(subscription=subscription, max_messages=1).received_messages
        assert (bytes(first.message.data), first.delivery_attempt) == (b"0", attempt)
        pubsub.subscriber.modify_ack_deadline(
            subscription=subscription, ack_ids=[first.ack_id], ack_deadline_seconds=0
        )
    (lost,) = pubsub.pull(letters, 1)
    assert lost.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
    assert [bytes(m.data) for m in pubsub.pull(subscription, 2)] == [b"1", b"2"]


def test_stand_in__streams_to_the_clients_own_subscriber(pubsub: PubSub) -> None:
    topic, subscription = pubsub.topic(enable_message_ordering=True)
    got: list[bytes] = []
    done = threading.Event()

    def take(message: Any) -> None:
        got.append(message.data)
        message.ack()
        if len(got) == 200:
            done.set()

    future = pubsub.subscriber.subscribe(subscription, take)
    Topic(pubsub.url, 5).publish(topic, [Message(str(n).encode(), "key", {}) for n in range(200)])
    assert done.wait(15)
    future.cancel()
    assert got == [str(n).encode() for n in range(200)]


def test_stand_in__refuses_what_pubsub_refuses(pubsub: PubSub) -> None:
    topic, _ = pubsub.topic()
    for name in ("t", "projects/p/topics/1x", "projects/p/topics/googx", "projects/p/subscriptions/abc"):
        with pytest.raises(exceptions.InvalidArgument):
            pubsub.publisher.create_topic(name=name)
    with pytest.raises(exceptions.AlreadyExists):
        pubsub.publisher.create_topic(name=topic)
    with pytest.raises(exceptions.NotFound):
        pubsub.subscriber.create_subscription(
            request={"name": "projects/p/subscriptions/abc", "topic": "projects/p/topics/no"}
        )
    with pytest.raises(InputError, match="neither data nor attributes"):
        Topic(pubsub.url, 1).publish(topic, [Message(b"", "", {})])
    with pytest.raises(exceptions.MethodNotImplemented):
        pubsub.publisher.delete_topic(topic=topic)
