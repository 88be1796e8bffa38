"""The company's whole day across the clouds, as `make sandbox` and `make clouds` run it: once, and once more."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.cloud import pubsub_v1
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from flows.curate import manifests
from flows.lake import open_lake
from flows.settings import Settings
from tests.conftest import ROOT, copy_company

pytestmark = [pytest.mark.xdist_group("bigquery"), pytest.mark.long]
WAREHOUSES = ("redshift", "synapse", "bigquery")
SERVICES = (*WAREHOUSES, "aws", "azure_storage", "gcs", "pubsub", "secrets")


@dataclass
class Sandbox:
    """A sandbox that is up, and a home for the day with a company of 40 households in it."""

    environment: dict[str, str]
    home: Path

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-u", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def deliver(self, *arguments: str) -> str:
        aws, azure = (self.environment[f"CUSTOMER_360_{n}_ENDPOINT"] for n in ("S3", "AZURE_STORAGE"))
        company = str(self.home / "company")
        return self.run(
            "-m", "sandbox.company.delivery", "--company", company, "--aws", aws, "--azure", azure, *arguments
        )  # fmt: skip

    def day(self) -> str:
        return self.run("-m", "flows.clouds", "--targets", ",".join(WAREHOUSES))

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return found


@pytest.fixture
def sandbox(company: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    # not below pytest's own folders: when root runs the tests, PostgreSQL runs as another user, who cannot enter them
    folder = Path(tempfile.mkdtemp(prefix="customer-360-day-"))
    folder.chmod(0o755)
    try:
        yield from up(company, folder, monkeypatch)
    finally:
        shutil.rmtree(folder)


def up(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    (ROOT / ".customer360" / "cache").mkdir(parents=True, exist_ok=True)
    (tmp_path / "cache").symlink_to(ROOT / ".customer360" / "cache")
    ports = ",".join(f"{n}={p}" for n, p in zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    with (tmp_path / "sandbox.err").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--home", str(tmp_path), "--ports", ports],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any(line.startswith("sandbox: 8 of 8 ready") for line in process.stdout), (
            tmp_path / "sandbox.err"
        ).read_text()
        lines = (tmp_path / "sandbox" / "environment").read_text().splitlines()
        environment = {n: "".join(shlex.split(v)) for n, _, v in (line.partition("=") for line in lines)}
        home = tmp_path / "day"
        home.mkdir()
        copy_company(company, home)
        environment |= {"CUSTOMER_360_HOME": str(home), "CUSTOMER_360_SCHEMA": "day", "CUSTOMER_360_THREADS": "2"}  # fmt: skip
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield Sandbox(environment, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=90)
    assert not (tmp_path / "sandbox" / "environment").exists()


def unloaded(settings: Settings, target: str) -> dict[str, dict[str, Any]]:
    """The newest manifest of each model in a warehouse's analytics zone, every file of it proven."""
    import json

    lake = open_lake(settings.zone("analytics", target), settings.access)
    newest: dict[str, str] = {}
    for stored in lake.list(target):
        if "/_manifests/" in stored.name:
            model = stored.name.split("/")[1]
            newest[model] = max(newest.get(model, ""), stored.name)
    found = {model: json.loads(lake.read(name)) for model, name in newest.items()}
    for manifest in found.values():
        assert manifest["rows"] == sum(f["rows"] for f in manifest["files"])
        for file in manifest["files"]:
            assert lake.sha256(file["name"]) == file["sha256"]
    return found


def rows_of(settings: Settings, target: str) -> dict[str, int]:
    return {model: manifest["rows"] for model, manifest in unloaded(settings, target).items()}


def step_of(told: str, step: str) -> list[str]:
    """Cells of a step's line in the table that a day ends with."""
    (line,) = [
        n for n in told.split("WHAT WENT WHERE")[1].splitlines() if re.match(rf"{re.escape(step)}  ", n)
    ]
    return re.split(r"\s{2,}", line)


def bridged(environment: dict[str, str]) -> list[str]:
    """Event ids of what the topic's consumers were given."""
    host = environment["CUSTOMER_360_PUBSUB_ENDPOINT"].removeprefix("http://")
    client = pubsub_v1.SubscriberClient(
        transport=SubscriberGrpcTransport(channel=grpc.insecure_channel(host))
    )
    name = environment["CUSTOMER_360_PUBSUB_TOPIC"].replace("/topics/", "/subscriptions/")
    found = []
    while True:
        answer = client.pull(subscription=name, max_messages=1000, return_immediately=True, timeout=30)
        if not answer.received_messages:
            return found
        found += [m.message.attributes["event_id"] for m in answer.received_messages]
        client.acknowledge(subscription=name, ack_ids=[m.ack_id for m in answer.received_messages])


@pytest.mark.fault(3)
def test_day__runs_end_to_end_and_once_more_with_nothing_doubled(sandbox: Sandbox) -> None:
    """All three warehouses, with every event of the stream delivered once more before the second day."""
    settings = sandbox.settings
    events = int(re.findall(r"([\d,]+) events to Kinesis", sandbox.deliver())[0].replace(",", ""))
    assert "0 files to S3" in sandbox.deliver(), "a delivery is made once"
    first = sandbox.day()
    assert step_of(first, "capture stream")[2] == f"{events:,}"
    rows = {target: rows_of(settings, target) for target in WAREHOUSES}
    assert rows["redshift"] == rows["synapse"] == rows["bigquery"]
    assert len(rows["redshift"]) > 20
    assert rows["redshift"]["customer_360"] > 20
    ids = bridged(sandbox.environment)
    assert len(ids) + int(step_of(first, "bridge")[-1].split("; ")[-1].split()[0]) == events
    # finance came from Azure, scores from Google, and both lie in S3 and beside Synapse
    raw = {s.name.rsplit("/", 2)[0] for s in open_lake(settings.raw, settings.access).list()}
    assert {"finance/fx_rates", "ml/predictions", "web/events", "shop/orders"} <= raw
    beside = {
        s.name for s in open_lake(settings.zone("curated", "synapse"), settings.access).list("ml/predictions")
    }
    assert beside == {"ml/predictions/batch=000002/part-0.parquet"}
    assert step_of(first, "unload bigquery")[2] == f"{sum(rows['bigquery'].values()):,}"

    assert f" {events:,} events" in sandbox.deliver("--again")
    second = sandbox.day()
    assert step_of(second, "capture files")[1] == "0"
    assert step_of(second, "capture stream")[2] == f"{events:,}"
    assert {target: rows_of(settings, target) for target in WAREHOUSES} == rows
    assert set(bridged(sandbox.environment)) == set(ids), "consumers know repeated events by their id"
    assert [m["batch_number"] for m in manifests(settings)] == [1, 2, 3]
