"""A Google Pub/Sub topic to publish to, by google-cloud-pubsub.

https://cloud.google.com/pubsub/docs/ordering
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.cloud import pubsub_v1  # type: ignore[attr-defined,unused-ignore]
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from flows.errors import InputError, SettingsError, Unreachable
from flows.lake.access import is_loopback, require_tls

MOST_BYTES = 9_000_000  # of a message with its attributes; Pub/Sub takes ten million
MOST_KEY = 1024
MAY_PASS = (exceptions.ServerError, exceptions.TooManyRequests, exceptions.Aborted, exceptions.Cancelled)


@dataclass(frozen=True)
class Message:
    """What is published: content, ordering key ('' for none) and attributes."""

    data: bytes
    ordering_key: str
    attributes: dict[str, str]


class Topic:
    """Publishes in order of each key; ``publish`` returns when Pub/Sub has taken all of it."""

    def __init__(self, endpoint: str, patience_seconds: float) -> None:
        require_tls(endpoint)
        options: dict[str, Any] = {}
        parts = urlsplit(endpoint)
        if endpoint and is_loopback(parts.hostname or ""):
            options["transport"] = PublisherGrpcTransport(channel=grpc.insecure_channel(parts.netloc))
        elif endpoint:
            options["client_options"] = {"api_endpoint": parts.netloc}
        try:
            self.client = pubsub_v1.PublisherClient(
                # a batch is one request: at most a thousand messages
                batch_settings=pubsub_v1.types.BatchSettings(
                    max_messages=500, max_bytes=4_000_000, max_latency=0.05
                ),
                publisher_options=pubsub_v1.types.PublisherOptions(enable_message_ordering=True),
                **options,
            )
        except GoogleAuthError as fault:
            raise SettingsError("Pub/Sub needs credentials; set the Google variables.") from fault
        self.patience_seconds, self.given_up = patience_seconds, False
        # the library repeats what may pass, in order, until the deadline
        self.retry = Retry(
            predicate=lambda fault: not self.given_up and isinstance(fault, MAY_PASS),
            initial=0.1,
            maximum=5,
            multiplier=2,
            timeout=patience_seconds,
        )

    def publish(self, name: str, messages: Iterable[Message]) -> int:
        """Publish to projects/…/topics/… and wait; returns how many. All or nothing for the caller: after a fault some
        may have been taken, and publishing them again is right because consumers know an event by its id."""
        taken = [
            self.client.publish(
                name, message.data, ordering_key=message.ordering_key, retry=self.retry, **message.attributes
            )
            for message in messages
        ]
        until = time.monotonic() + self.patience_seconds
        try:
            for future in taken:
                future.result(timeout=max(1.0, until - time.monotonic()))
        except Exception as fault:
            # with ordering the library repeats for ever, and would hold the process
            self.given_up = True
            raise _sentence(name, fault) from fault
        return len(taken)


def _sentence(name: str, fault: Exception) -> Exception:
    if isinstance(fault, (exceptions.NotFound, exceptions.Forbidden, exceptions.Unauthenticated)):
        return SettingsError(
            f"topic {name} is refused by Pub/Sub ({type(fault).__name__}); check name and rights."
        )
    if isinstance(fault, exceptions.ClientError) and not isinstance(fault, exceptions.TooManyRequests):
        return InputError(f"topic {name}: Pub/Sub says {' '.join(str(fault).split())[:300]}.")
    return Unreachable(f"topic {name} cannot be reached ({type(fault).__name__}); run again.")
