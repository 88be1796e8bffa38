"""Events out of a stream: every one arrives, and after curation once, whatever the batches were and wherever a kill fell."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from confluent_kafka import Producer

from flows.capture_stream import capture_stream
from flows.curate import curate, manifests
from flows.errors import InputError, SettingsError, Unreachable
from flows.lake import open_lake
from flows.settings import Settings, StreamSettings
from flows.streams import open_stream
from flows.streams.checkpoints import Checkpoints
from flows.streams.routing import Router
from tests.clouds.conftest import Clouds
from tests.clouds.days import settings_of
from tests.clouds.proxy import proxy
from tests.conftest import ROOT

_numbers = itertools.count()
Send = Callable[[list[tuple[str, bytes]]], None]


@pytest.fixture(scope="session")
def events(deliveries: Path) -> list[tuple[str, bytes]]:
    """What the collectors deliver in files, as records: partition key and content, repeated deliveries included."""
    lines = []
    for folder, key in (("web/events", "anonymous_id"), ("profile/changes", "customer_id")):
        for path in sorted((deliveries / folder).rglob("*.jsonl")):
            for line in path.read_bytes().splitlines():
                try:
                    lines.append((str(json.loads(line).get(key) or "none"), line))
                except ValueError:
                    lines.append(("none", line))
    assert len(lines) > 1000
    return lines


def kinesis(address: str) -> tuple[str, str, Send]:
    """A Kinesis stream of two shards: its name as a setting, its endpoint, and how to put events into it."""
    name = f"events-{os.getpid()}-{next(_numbers)}"
    client = boto3.client("kinesis", endpoint_url=address, region_name="eu-central-1")
    client.create_stream(StreamName=name, ShardCount=2)

    def send(records: list[tuple[str, bytes]]) -> None:
        for i in range(0, len(records), 500):
            batch = [{"PartitionKey": key, "Data": data} for key, data in records[i : i + 500]]
            assert client.put_records(StreamName=name, Records=batch)["FailedRecordCount"] == 0

    return f"kinesis://{name}", address, send


@pytest.fixture(scope="session")
def brokers() -> Iterator[str]:
    """Kafka's own mock cluster: the real protocol, served from this process by librdkafka."""
    host = Producer({"test.mock.num.brokers": 2, "log_level": 0})
    yield ",".join(f"{b.host}:{b.port}" for b in host.list_topics(timeout=10).brokers.values())
    del host


def kafka(servers: str) -> tuple[str, str, Send]:
    name = f"events-{os.getpid()}-{next(_numbers)}"
    producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 20})

    def send(records: list[tuple[str, bytes]]) -> None:
        for key, data in records:
            producer.produce(name, data, key)
            producer.poll(0)
        assert producer.flush(30) == 0

    return f"kafka://{name}", servers, send


@pytest.fixture(params=["kinesis", "kafka"])
def stream(request: pytest.FixtureRequest, clouds: Clouds) -> tuple[str, str, Send]:
    if request.param == "kinesis":
        return kinesis(clouds.aws)
    return kafka(request.getfixturevalue("brokers"))


def of(home: Path, clouds: Clouds, stream: tuple[str, str, Send], lake: str = "", **limits: int) -> Settings:
    """Settings that read this stream, into a lake in a folder unless another is named."""
    found = settings_of(home, clouds.access, **({"lake": lake} if lake else {}))
    wanted = StreamSettings(stream[0], stream[1], 32 << 20, 100_000, 60.0, "", "", "")
    return replace(found, streams=replace(wanted, **limits), quarantine_threshold=0.5)


def told(settings: Settings) -> dict[str, tuple[int, int]]:
    """Rows that curation kept and refused, by table."""
    found: dict[str, tuple[int, int]] = {}
    for manifest in manifests(settings):
        for t in manifest["tables"]:
            rows, rejected = found.get(f"{t['source']}.{t['table']}", (0, 0))
            found[f"{t['source']}.{t['table']}"] = (rows + t["rows"], rejected + t["rejected"])
    return found


def ids(settings: Settings, table: str, key: str) -> list[str]:
    """Keys of all curated rows of a table, in order; a double would be seen."""
    import duckdb

    lake = open_lake(settings.curated, settings.access)
    names = [
        t["file"] for m in manifests(settings) for t in m["tables"] if f"{t['source']}/{t['table']}" == table
    ]
    near = lake.at_hand(names, settings.home / "read")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {key} from read_parquet(?) order by 1", [[near.uri(n) for n in names]]
        ).fetchall()
    return [str(row[0]) for row in rows]


def test_events_of_a_stream__are_those_of_the_files(
    stream: tuple[str, str, Send],
    clouds: Clouds,
    events: list[tuple[str, bytes]],
    by_files: Settings,
    tmp_path: Path,
) -> None:
    settings = of(tmp_path / "home", clouds, stream, lake=clouds.root("s3", tmp_path), batch_records=700)
    stream[2](events)
    first = capture_stream(settings)
    assert first.records == len(events)
    assert first.files >= 4
    assert capture_stream(settings).records == 0, "twice changes nothing"
    curate(settings)
    for table, key in (("web/events", "event_id"), ("profile/changes", "change_id")):
        assert ids(settings, table, key) == ids(by_files, table, key)
    stream[2](events[:5])
    assert capture_stream(settings).records == 5, "goes on behind its checkpoints"


@pytest.mark.fault(3)
@pytest.mark.fault(24)
def test_lost_checkpoints__cost_a_repetition_and_no_event(
    stream: tuple[str, str, Send],
    clouds: Clouds,
    events: list[tuple[str, bytes]],
    by_files: Settings,
    tmp_path: Path,
) -> None:
    """First the shortcut in the home folder is lost, then every checkpoint; other batch borders the second time."""
    settings = of(tmp_path / "home", clouds, stream, batch_records=900)
    stream[2](events)
    capture_stream(settings)
    for path in (settings.state / "streams").rglob("*.json"):
        path.unlink()
    assert capture_stream(settings).records == 0, "the lake knows them too"
    for folder in (settings.state / "streams", Path(settings.zone("streams"))):
        for path in folder.rglob("*.json"):
            path.unlink()
    again = capture_stream(replace(settings, streams=replace(settings.streams, batch_records=650)))
    assert again.records == len(events)
    curate(settings)
    assert ids(settings, "web/events", "event_id") == ids(by_files, "web/events", "event_id")


PROGRAM = """
from flows.capture_stream import capture_stream
from flows.settings import Settings
print(capture_stream(Settings.from_environment(), follow_seconds=60))
"""


@pytest.mark.fault(1)
def test_killed_in_mid_capture__nothing_is_lost_and_nothing_doubled(
    clouds: Clouds, events: list[tuple[str, bytes]], by_files: Settings, tmp_path: Path
) -> None:
    """kill -9 while small batches are written, three times; the settings are those a user would give."""
    stream = kinesis(clouds.aws)
    settings = of(tmp_path / "home", clouds, stream)
    environment = {
        **os.environ,
        "CUSTOMER_360_HOME": str(settings.home),
        "CUSTOMER_360_STREAM": stream[0],
        "CUSTOMER_360_STREAM_ENDPOINT": stream[1],
        "CUSTOMER_360_STREAM_BATCH_RECORDS": "20",
    }
    stream[2](events)
    marks = Path(settings.zone("streams"))
    for _ in range(3):
        before = len(list(marks.rglob("*.json")))
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment)
        until = time.monotonic() + 30
        while time.monotonic() < until and len(list(marks.rglob("*.json"))) < before + 3:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert len(list(marks.rglob("*.json"))) > before
    rest = capture_stream(settings)
    assert 0 < rest.records < len(events)
    curate(settings)
    assert ids(settings, "web/events", "event_id") == ids(by_files, "web/events", "event_id")
    assert ids(settings, "profile/changes", "change_id") == ids(by_files, "profile/changes", "change_id")


@pytest.mark.parametrize(
    ("limits", "files"),
    [({"batch_records": 10}, 4), ({"batch_bytes": 1000}, 4), ({"batch_seconds": 0}, 4), ({}, 1)],
)
def test_batch__ends_by_number_size_and_time(
    clouds: Clouds, tmp_path: Path, limits: dict[str, int], files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty records of a hundred bytes in one shard, in pages of ten."""
    stream = kinesis(clouds.aws)
    settings = of(tmp_path / "home", clouds, stream, **limits)
    pages = type(open_stream(settings)).pages
    monkeypatch.setattr(
        type(open_stream(settings)),
        "pages",
        lambda self, partition, after: (
            page[i : i + 10]
            for page in pages(self, partition, after)
            for i in range(0, max(1, len(page)), 10)
        ),
    )
    stream[2]([("one", json.dumps({"event_id": f"{n:03d}"}).ljust(100).encode()) for n in range(40)])
    assert capture_stream(settings).files == files


def test_follow__waits_for_what_comes_later(clouds: Clouds, tmp_path: Path) -> None:
    import threading

    stream = kinesis(clouds.aws)
    settings = of(tmp_path / "home", clouds, stream)
    later = threading.Timer(0.7, stream[2], [[("late", b'{"event_id": "1"}')]])
    later.start()
    assert capture_stream(settings, follow_seconds=1.5).records == 1
    later.join()


def test_strays__are_kept_and_refused_by_curation(clouds: Clouds, tmp_path: Path) -> None:
    """What is no event becomes one line, so that it cannot break its neighbours, and lands in quarantine."""
    stream = kinesis(clouds.aws)
    settings = of(tmp_path / "home", clouds, stream)
    good = {
        "event_id": "e1", "event_name": "page_viewed", "anonymous_id": "a", "occurred_at": "2017-01-01T00:00:00.000000Z",
        "received_at": "2017-01-01T00:00:01.000000Z", "url": "https://shop.example/\U0001f6d2",
    }  # fmt: skip
    stream[2](
        [
            ("a", json.dumps(good, indent=2, ensure_ascii=False).encode()),
            ("b", b"\xff\xfe no\nevent"),
            ("c", b"[1, 2]"),
            ("d", b""" {"colour": "blue"} """),
        ]
    )
    found = capture_stream(replace(settings, quarantine_threshold=1.0))
    assert (found.records, found.strays) == (4, 3)
    curate(replace(settings, quarantine_threshold=1.0))
    assert told(settings) == {"web.events": (1, 3)}
    assert ids(settings, "web/events", "url") == ["https://shop.example/\U0001f6d2"]


def test_router__places_events_by_the_contracts() -> None:
    router = Router()
    assert [
        (r.source, r.table, r.event_id)
        for r in map(router.route, (b'{"change_id": "c"}', b'{"event_id": 7}', b'{"event_id": ""}', b"{"))
    ] == [("profile", "changes", "c"), ("web", "events", "7"), ("web", "events", ""), ("web", "events", "")]


def test_stream_that_is_not_there__is_told(
    stream: tuple[str, str, Send], clouds: Clouds, tmp_path: Path
) -> None:
    wrong = (stream[0] + "-wrong", stream[1], stream[2])
    settings = of(tmp_path / "home", clouds, wrong)
    settings = replace(settings, access=replace(settings.access, patience_seconds=2))
    with pytest.raises(
        (SettingsError, Unreachable), match=r"-wrong .*check name and rights|-wrong cannot be reached"
    ):
        capture_stream(settings)
    with pytest.raises(SettingsError, match="set CUSTOMER_360_STREAM"):
        capture_stream(replace(settings, streams=replace(settings.streams, source="")))


def test_kafka_offset_that_is_gone__stops_the_capture(clouds: Clouds, brokers: str, tmp_path: Path) -> None:
    """Events that expired before they were captured are a loss that must be seen, not skipped."""
    stream = kafka(brokers)
    settings = of(tmp_path / "home", clouds, stream)
    stream[2]([("k", b"{}")])
    name = stream[0].removeprefix("kafka://")
    Checkpoints(settings, "capture", name).set("0", "99".zfill(20), {})
    with pytest.raises(InputError, match="offset 100 is not kept any more"):
        capture_stream(settings)


@pytest.mark.fault(9)
@pytest.mark.parametrize("fault", ["503", "lost"])
def test_kinesis_that_stumbles__is_asked_again(clouds: Clouds, tmp_path: Path, fault: str) -> None:
    with proxy(clouds.aws) as between:
        stream = kinesis(clouds.aws)
        stream[2]([("k", json.dumps({"event_id": str(n)}).encode()) for n in range(50)])
        settings = of(tmp_path / "home", clouds, (stream[0], between.url, stream[2]))
        between.fault = lambda request, number: fault if number in (1, 3, 6) else None
        assert capture_stream(settings).records == 50
        assert between.faults == 3
