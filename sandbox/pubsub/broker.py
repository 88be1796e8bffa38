"""What the stand-in keeps, all in memory: topics, subscriptions and the messages each of them has still to see acknowledged."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from google.pubsub_v1 import types

NAME = re.compile(r"projects/[^/]+/(topics|subscriptions)/(?!goog)[A-Za-z][\w.~+%-]{2,254}")
MOST_BYTES = 10_000_000
MOST_MESSAGES = 1000
MOST_ATTRIBUTES = 100


class Refused(Exception):
    """A request that Pub/Sub would refuse: name of the gRPC status, sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Delivery:
    """One message of one subscription; ``due`` is when it may be delivered (again), ``attempt`` counts from 1."""

    message: Any
    due: float = 0.0
    attempt: int = 0
    ack_id: str = ""


@dataclass
class Subscription:
    resource: Any
    waiting: deque[Delivery] = field(default_factory=deque)
    out: dict[str, Delivery] = field(default_factory=dict)


class Broker:
    """Topics and subscriptions; every method is one request."""

    def __init__(self) -> None:
        self.topics: dict[str, Any] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.changed = threading.Condition(threading.RLock())
        self.numbers = itertools.count(1)

    def create_topic(self, topic: Any) -> Any:
        _check_name(topic.name, "topics")
        with self.changed:
            if topic.name in self.topics:
                raise Refused(
                    "ALREADY_EXISTS",
                    f"Resource already exists in the project (resource={_last(topic.name)}).",
                )
            self.topics[topic.name] = topic
        return topic

    def topic(self, name: str) -> Any:
        if name not in self.topics:
            raise Refused("NOT_FOUND", f"Resource not found (resource={_last(name)}).")
        return self.topics[name]

    def create_subscription(self, resource: Any) -> Any:
        _check_name(resource.name, "subscriptions")
        with self.changed:
            self.topic(resource.topic)
            if resource.name in self.subscriptions:
                raise Refused(
                    "ALREADY_EXISTS",
                    f"Resource already exists in the project (resource={_last(resource.name)}).",
                )
            if not resource.ack_deadline_seconds:
                resource.ack_deadline_seconds = 10
            if not 10 <= resource.ack_deadline_seconds <= 600:
                raise Refused(
                    "INVALID_ARGUMENT", "The acknowledgement deadline must be between 10 and 600 seconds."
                )
            if resource.dead_letter_policy.dead_letter_topic:
                self.topic(resource.dead_letter_policy.dead_letter_topic)
            self.subscriptions[resource.name] = Subscription(resource)
        return resource

    def subscription(self, name: str) -> Subscription:
        if name not in self.subscriptions:
            raise Refused("NOT_FOUND", f"Resource not found (resource={_last(name)}).")
        return self.subscriptions[name]

    def publish(self, topic: str, messages: list[Any]) -> list[str]:
        self.topic(topic)
        if not 1 <= len(messages) <= MOST_MESSAGES:
            raise Refused("INVALID_ARGUMENT", "A publish request must have 1 to 1000 messages.")
        for message in messages:
            if not message.data and not message.attributes:
                raise Refused(
                    "INVALID_ARGUMENT", "Some messages in the batch have neither data nor attributes."
                )
            if len(message.attributes) > MOST_ATTRIBUTES or any(
                len(k.encode()) > 256 or len(v.encode()) > 1024 for k, v in message.attributes.items()
            ):
                raise Refused("INVALID_ARGUMENT", "Too many attributes, or one that is too long.")
            if len(message.ordering_key.encode()) > 1024:
                raise Refused("INVALID_ARGUMENT", "The ordering key is too long.")
        if sum(len(m.data) for m in messages) > MOST_BYTES:
            raise Refused("INVALID_ARGUMENT", "Request payload size exceeds the limit: 10000000 bytes.")
        with self.changed:
            ids = []
            for message in messages:
                message.message_id = str(next(self.numbers))
                message.publish_time = datetime.now(UTC)
                ids.append(message.message_id)
                for found in self.subscriptions.values():
                    if found.resource.topic == topic:
                        found.waiting.append(Delivery(message))
            self.changed.notify_all()
        return ids

    def pull(self, name: str, most: int, wait_seconds: float) -> list[Delivery]:
        """Up to ``most`` messages that may be delivered; of an ordering key the next ones only, in order."""
        found, until = self.subscription(name), time.monotonic() + wait_seconds
        with self.changed:
            while True:
                taken = self._take(found, most)
                left = until - time.monotonic()
                if taken or left <= 0:
                    return taken
                self.changed.wait(min(left, 0.2))

    def _take(self, found: Subscription, most: int) -> list[Delivery]:
        now = time.monotonic()
        for delivery in [d for d in found.out.values() if d.due <= now]:  # not acknowledged in time
            del found.out[delivery.ack_id]
            self._again(found, delivery)
        ordered = found.resource.enable_message_ordering
        # a key with a message that is out, or put back, holds the later ones of the same key
        held = {d.message.ordering_key for d in found.out.values()} if ordered else set()
        taken: list[Delivery] = []
        kept: deque[Delivery] = deque()
        while found.waiting and len(taken) < most:
            delivery = found.waiting.popleft()
            key = delivery.message.ordering_key
            if delivery.due > now or (ordered and key and key in held):
                kept.append(delivery)
                if ordered and key:
                    held.add(key)
                continue
            delivery.attempt += 1
            delivery.ack_id = f"{delivery.message.message_id}-{delivery.attempt}-{next(self.numbers)}"
            delivery.due = now + found.resource.ack_deadline_seconds
            found.out[delivery.ack_id] = delivery
            taken.append(delivery)
        found.waiting.extendleft(reversed(kept))
        return taken

    def _again(self, found: Subscription, delivery: Delivery) -> None:
        """Deliver once more, or give it up to the dead-letter topic."""
        policy = found.resource.dead_letter_policy
        if policy.dead_letter_topic and delivery.attempt >= (policy.max_delivery_attempts or 5):
            lost = types.PubsubMessage(data=delivery.message.data, ordering_key=delivery.message.ordering_key)
            lost.attributes.update(dict(delivery.message.attributes))
            lost.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] = str(delivery.attempt)
            lost.attributes["CloudPubSubDeadLetterSourceSubscription"] = _last(found.resource.name)
            self.publish(policy.dead_letter_topic, [lost])
            return
        delivery.due = 0.0
        # before later ones of its key
        found.waiting.appendleft(delivery)

    def acknowledge(self, name: str, ack_ids: list[str]) -> None:
        with self.changed:
            found = self.subscription(name)
            for ack_id in ack_ids:
                found.out.pop(ack_id, None)
            self.changed.notify_all()

    def set_deadline(self, name: str, ack_ids: list[str], seconds: int) -> None:
        """0 seconds puts a message back at once."""
        if not 0 <= seconds <= 600:
            raise Refused(
                "INVALID_ARGUMENT", "The acknowledgement deadline must be between 0 and 600 seconds."
            )
        with self.changed:
            found = self.subscription(name)
            for ack_id in ack_ids:
                delivery = found.out.get(ack_id)
                if delivery is None:
                    continue
                if seconds:
                    delivery.due = time.monotonic() + seconds
                else:
                    del found.out[ack_id]
                    self._again(found, delivery)
            self.changed.notify_all()


def _check_name(name: str, kind: str) -> None:
    match = NAME.fullmatch(name)
    if not match or match[1] != kind:
        raise Refused("INVALID_ARGUMENT", f"Invalid [{kind}] name: (name={name})")


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]
