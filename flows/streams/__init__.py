"""Event streams: one interface over Amazon Kinesis and Kafka (Amazon MSK), and the place where a consumer stands in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.errors import SettingsError
from flows.streams.stream import Record, Stream

if TYPE_CHECKING:
    from flows.settings import Settings

__all__ = ["Record", "Stream", "open_stream"]


def open_stream(settings: Settings) -> Stream:
    """The stream of the settings; SettingsError when none is named."""
    scheme, _, name = settings.streams.source.partition("://")
    if scheme == "kinesis":
        from flows.streams.kinesis import KinesisStream

        return KinesisStream(name, settings.streams.endpoint, settings.access)
    if scheme == "kafka":
        from flows.streams.kafka import KafkaStream

        return KafkaStream(name, settings.streams.endpoint, settings.access)
    raise SettingsError("no stream is named; set CUSTOMER_360_STREAM to kinesis://stream or kafka://topic.")
