"""Prefect as it runs for real: a server, `make deploy`, a worker that takes one run; and what the day does with failures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.build import RESULTS, build
from flows.errors import DbtFailed
from flows.lake import Access
from flows.settings import Settings
from tests.clouds.days import curated_batch, settings_of
from tests.conftest import ROOT, python

pytestmark = [pytest.mark.xdist_group("prefect"), pytest.mark.long]
DEPLOYMENTS = [
    "bigquery",
    "bridge",
    "capture",
    "capture-stream",
    "curate",
    "day",
    "local",
    "redshift",
    "synapse",
]


@pytest.fixture(scope="module")
def prefect(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A server of its own, and the environment that leads to it and to a home with a company of 12 households."""
    import socket

    home = tmp_path_factory.mktemp("prefect")
    shutil.copytree(deliveries, home / "company")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "CUSTOMER_360_HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "flows" / "logging.yml"),
    }
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until = time.monotonic() + 300
            while time.monotonic() < until and server.poll() is None:
                try:
                    urllib.request.urlopen(environment["PREFECT_API_URL"] + "/health", timeout=5)
                    break
                except OSError:
                    time.sleep(0.2)
            assert server.poll() is None, (home / "server.log").read_text()
            yield environment
        finally:
            server.terminate()
            server.wait(timeout=60)


def ask(prefect: dict[str, str], path: str, body: dict[str, object]) -> list[dict[str, object]]:
    request = urllib.request.Request(
        f"{prefect['PREFECT_API_URL']}/{path}",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: list[dict[str, object]] = json.load(answer)
    return found


def test_deploy__registers_everything_and_a_worker_runs_it(prefect: dict[str, str]) -> None:
    """What prefect.yaml names is there, with its pool, limits and automations; one run goes through a worker into the raw zone."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.register"],
        cwd=ROOT,
        env=prefect,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    deployments = {str(d["name"]): d for d in ask(prefect, "deployments/filter", {})}
    assert sorted(deployments) == DEPLOYMENTS
    assert {d["work_pool_name"] for d in deployments.values()} == {"customer-360"}
    assert all(d["concurrency_options"]["collision_strategy"] == "ENQUEUE" for d in deployments.values())  # type: ignore[index,call-overload]
    schedules = {
        n: [(s["schedule"]["cron"], s["active"]) for s in d["schedules"]] for n, d in deployments.items()
    }  # type: ignore[index,attr-defined]
    assert schedules["day"] == [("0 4 * * *", True)]
    assert schedules["bridge"] == [("*/15 * * * *", False)]
    limits = {str(c["name"]): c["limit"] for c in ask(prefect, "v2/concurrency_limits/filter", {})}
    assert {
        f"warehouse-{t}": 1 for t in ("local", "redshift", "synapse", "bigquery")
    }.items() <= limits.items()
    automations = {str(a["name"]): a for a in ask(prefect, "automations/filter", {})}
    assert sorted(automations) == ["customer-360 day crashed", "customer-360 day is overdue"]
    assert all(a["actions"][0]["deployment_id"] == deployments["day"]["id"] for a in automations.values())  # type: ignore[index]

    run = subprocess.run(
        [sys.executable, "-m", "prefect", "deployment", "run", "capture/capture"],
        cwd=ROOT, env=prefect, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    # a file, because a pipe ends only when the last process that the worker started has ended
    log = Path(prefect["CUSTOMER_360_HOME"]) / "worker.log"
    with log.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", "--pool", "customer-360", "--limit", "1"],
            cwd=ROOT, env=prefect, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        until, state = time.monotonic() + 400, ""
        wanted = {
            "flow_runs": {"deployment_id": {"any_": [deployments["capture"]["id"]]}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        while time.monotonic() < until and state not in ("Completed", "Failed", "Crashed"):
            time.sleep(0.5)
            state = str(ask(prefect, "flow_runs/filter", wanted)[0]["state_name"])
    finally:
        worker.terminate()
        worker.wait(timeout=120)
    assert state == "Completed", log.read_text()[-3000:]
    raw = Path(prefect["CUSTOMER_360_HOME"]) / "lake" / "raw"
    assert len(list(raw.rglob("*.csv"))) > 10


def materializations(prefect: dict[str, str], asset: str, seconds: float = 60) -> set[str]:
    """What Prefect was told that an asset was made of; its events are stored a moment after they are sent."""
    wanted: dict[str, object] = {
        "filter": {
            "event": {"name": ["prefect.asset.materialization.succeeded"]},
            "resource": {"id": [asset]},
        }
    }
    until = time.monotonic() + seconds
    while True:
        found: dict[str, list[dict[str, list[dict[str, str]]]]] = ask(prefect, "events/filter", wanted)  # type: ignore[assignment]
        if found["events"] or time.monotonic() >= until:
            related = [r for event in found["events"] for r in event["related"]]
            return {r["prefect.resource.id"] for r in related if r["prefect.resource.role"] == "asset"}
        time.sleep(0.5)


COPY = """
from prefect import flow
from flows.progress import Progress
from flows.replicate import replicate
from flows.settings import Settings

@flow
def copy():
    with Progress("Curated zone", least_bytes=1) as progress:
        replicate(Settings.from_environment(), "synapse", progress)

copy()
"""


def test_long_copy__shows_how_far_it_has_come(prefect: dict[str, str], tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", Access(), synapse=str(tmp_path / "copy"))
    curated_batch(settings, 1, {"shop/orders": 2000, "web/events": 10})
    environment = prefect | {
        "CUSTOMER_360_HOME": str(settings.home),
        "CUSTOMER_360_LAKE_SYNAPSE": settings.replicas["synapse"],
    }
    done = subprocess.run(
        [sys.executable, "-c", COPY], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (found,) = [a for a in ask(prefect, "artifacts/filter", {}) if a["type"] == "progress"]
    assert found["data"] == 100
    assert "Curated zone" in str(found["description"])


def test_deploy_without_a_server__says_what_to_do(tmp_path: Path) -> None:
    done = python("-m", "flows.register", home=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 2
    assert done.stderr == (
        "customer-360: no Prefect server answers at http://127.0.0.1:9/api; start one with `make prefect` or set PREFECT_API_URL.\n"
    )


@pytest.mark.fault(18)
@pytest.mark.fault(19)
def test_day__a_failing_warehouse_holds_up_no_other_and_the_retry_runs_only_what_failed(
    prefect: dict[str, str],
) -> None:
    """Redshift is unreachable: DuckDB is built all the same, and the day fails with Redshift's name. Then a test fails in
    DuckDB in mid-DAG: what is run again is that test alone."""
    home = Path(prefect["CUSTOMER_360_HOME"])
    program = "from flows.day import day\nday(targets=['redshift', 'local'], predictions=False)"
    environment = prefect | {
        "CUSTOMER_360_REDSHIFT_PORT": "9",
        "CUSTOMER_360_REDSHIFT_USER": "x",
        "CUSTOMER_360_REDSHIFT_PASSWORD": "x",
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(
        "flows.errors.TargetsFailed: redshift: dbt run-operation on target redshift failed"
    ), last
    assert "local:" not in last
    assert "WHAT WENT WHERE" in done.stdout
    lineage = materializations(prefect, "local://customer_360/fct_order")
    curated = f"file://{home}/lake/curated"
    assert {f"{curated}/shop/orders", f"{curated}/web/events"} <= lineage, (
        "from files of the lake to the mart"
    )
    assert not materializations(prefect, "redshift://customer_360/fct_order", seconds=0)
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(home)})
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        assert connection.execute("select count(*) from customer_360_core.fct_order").fetchall()[0][0] > 0
        connection.execute(
            "insert into customer_360_landing.shop__stores (store_name, change_operation) values ('no id', 'I')"
        )
    with pytest.raises(DbtFailed, match="not_null_stg_shop__stores_store_id"):
        build(settings, "local", ("--select", "stg_shop__stores", "dim_date"), force=True)
    assert (settings.state / "failed-build-local" / RESULTS).exists()
    with duckdb.connect(str(settings.duckdb_path)) as connection:
        connection.execute("delete from customer_360_landing.shop__stores where store_id is null")
    again = build(settings, "local")
    assert again.nodes == {"pass": 1}
    assert build(settings, "local").nodes == {}, "what is good is not built again"
