"""The flows as Prefect deployments run them (prefect.yaml): each step by itself, and the whole day.

A warehouse that fails never holds up another one: each goes its own way to the end, and the day fails at last with
the names of those that did. Everything may be run again; what is done is skipped. The settings are the worker's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.assets import materialize
from prefect.concurrency.sync import concurrency
from prefect.futures import PrefectFuture, wait

from flows.bridge import bridge
from flows.build import build
from flows.capture import capture
from flows.capture_stream import capture_stream
from flows.curate import curate, manifests
from flows.errors import Customer360Error, TargetsFailed
from flows.load import load
from flows.reconcile import reconcile
from flows.replicate import replicate
from flows.score import score
from flows.settings import Settings, check_targets
from flows.state import only_run
from flows.task import run_task
from flows.transform import run_dbt

T = TypeVar("T")
HOURS = 3600
FEATURES = "customer_features"


def _settings() -> Settings:
    return Settings.from_environment()


def _step(name: str, work: Callable[[], T]) -> T:
    """A step as a task with its own retries, and what it did in the log."""
    result = run_task(name, work)
    get_run_logger().info("%s: %s", name, result)
    return result


@flow(name="capture", timeout_seconds=2 * HOURS)
def capture_files() -> None:
    """New files of the systems of record into the raw zone."""
    settings = _settings()
    with only_run(settings.home):
        _step("capture files", lambda: capture(settings))


@flow(name="capture-stream", timeout_seconds=2 * HOURS)
def capture_events(follow_seconds: float = 0) -> None:
    """Events of the stream into the raw zone; ``follow_seconds`` to go on reading. Runs beside everything else."""
    settings = _settings()
    _step("capture stream", lambda: capture_stream(settings, follow_seconds))


@flow(name="bridge", timeout_seconds=2 * HOURS)
def bridge_events(follow_seconds: float = 0) -> None:
    """Events of the stream on to Pub/Sub; ``follow_seconds`` to go on reading. Runs beside everything else."""
    settings = _settings()
    _step("bridge", lambda: bridge(settings, follow_seconds))


@flow(name="curate", timeout_seconds=2 * HOURS)
def curate_files() -> None:
    """What is new in the raw zone becomes a curated batch."""
    settings = _settings()
    with only_run(settings.home):
        _step("curate", lambda: curate(settings))


@flow(name="warehouse", timeout_seconds=6 * HOURS)
def warehouse(target: str) -> None:
    """One warehouse brought up to date: replicate, load, dbt build, reconcile."""
    (known,) = check_targets([target])
    _raise_failures(_all_of([known]))


@flow(name="day", timeout_seconds=12 * HOURS)
def day(targets: list[str] | None = None, predictions: bool = True) -> None:
    """The whole day: files and events in, a batch curated, every warehouse brought up to date, and with ``predictions``
    customers scored and their scores brought to all. ``targets`` defaults to the settings'."""
    settings = _settings()
    names = list(check_targets(targets)) if targets else list(settings.targets)
    with only_run(settings.home):
        if settings.streams.source:
            _step("capture stream", lambda: capture_stream(settings))
            if settings.streams.topic:
                _step("bridge", lambda: bridge(settings))
        _take_in(settings, "")
        failed = _all_of(names)
        if predictions and "local" in names and "local" not in failed:
            _predict(settings)
            before = len(manifests(settings))
            _take_in(settings, " predictions")
            if len(manifests(settings)) > before:
                standing = [name for name in names if name not in failed]
                failed |= _all_of(standing)
    _raise_failures(failed)


def _take_in(settings: Settings, suffix: str) -> None:
    _step(f"capture files{suffix}", lambda: capture(settings))
    batch = _step(f"curate{suffix}", lambda: curate(settings))
    if batch.number:
        create_table_artifact(
            key="customer-360-batch",
            table=[
                {k: t[k] for k in ("source", "table", "read", "rows", "rejected", "duplicates")}
                for t in batch.tables
            ],
            description=f"Batch {batch.number}",
        )


def _predict(settings: Settings) -> None:
    """Score on the engine of this machine, from features that it unloads."""
    folder = Path(settings.analytics)
    folder.mkdir(parents=True, exist_ok=True)
    features = folder / f"{FEATURES}.parquet"
    arguments = json.dumps({"models": {FEATURES: str(features)}})
    _step(
        "unload features",
        lambda: run_dbt(settings, "local", ["run-operation", "unload_models", "--args", arguments]),
    )
    _step("score", lambda: score(features, settings.company))


def _all_of(targets: list[str]) -> dict[str, str]:
    """Bring warehouses up to date side by side; the sentences of those that failed, by name."""
    running: dict[str, PrefectFuture[Any]] = {name: _update.submit(name) for name in targets}
    wait(list(running.values()))
    failed = {}
    for name, future in running.items():
        result = future.result(raise_on_failure=False)
        if isinstance(result, BaseException):
            failed[name] = str(result)
            get_run_logger().error("%s", result)
    return failed


@task(name="warehouse", task_run_name="warehouse-{target}")
def _update(target: str) -> None:
    settings = _settings()
    # one dbt at a time per warehouse, over all runs; the limit is created by flows/register.py
    with concurrency(f"warehouse-{target}", occupy=1, timeout_seconds=2 * HOURS):
        try:
            if settings.replicas.get(target):
                _step(f"replicate {target}", lambda: replicate(settings, target))
            _step(f"load {target}", lambda: load(settings, target))
            _step(f"dbt build {target}", lambda: build(settings, target))
            found = _step(f"reconcile {target}", lambda: reconcile(settings, target))
        except Customer360Error as fault:
            raise type(fault)(str(fault)) from None
    _publish(settings, target, [m["mart"] for m in found.marts])
    create_table_artifact(key=f"customer-360-{target}", table=[{**m, "target": target} for m in found.marts])


def _publish(settings: Settings, target: str, marts: list[str]) -> None:
    """Tell Prefect which marts were made of which files of the lake: assets, with lineage from object to mart."""
    curated = settings.zone("curated", target)
    root = curated if "://" in curated else f"file://{curated}"
    batches = manifests(settings)
    sources: list[Any] = sorted({f"{root}/{t['source']}/{t['table']}" for m in batches for t in m["tables"]})
    names = [f"{target}://{settings.schema}/{mart}" for mart in marts]
    if names and sources:
        materialize(*names, asset_deps=sources)(lambda: None)()


def _raise_failures(failed: dict[str, str]) -> None:
    if failed:
        raise TargetsFailed("; ".join(f"{name}: {sentence}" for name, sentence in sorted(failed.items())))
