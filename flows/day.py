"""The flows as Prefect deployments run them (prefect.yaml): each step by itself, and the whole day.

A warehouse that fails never holds up another one: each goes its own way to the end, and the day fails at last with
the names of those that did. Everything may be run again; what is done is skipped. The settings are the worker's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.concurrency.sync import concurrency
from prefect.futures import PrefectFuture, wait

from flows.bridge import bridge
from flows.build import build
from flows.capture import capture
from flows.capture_stream import capture_stream
from flows.curate import Batch, curate, manifests
from flows.day_report import Report, as_text
from flows.errors import Customer360Error, TargetsFailed
from flows.lake import open_lake
from flows.load import load
from flows.progress import Progress
from flows.reconcile import Reconciled, reconcile
from flows.replicate import replicate
from flows.score import Scored, score
from flows.settings import Settings, check_targets
from flows.state import State, only_run
from flows.task import run_task
from flows.unload import unload, unloaded_files

T = TypeVar("T")
HOURS = 3600
FEATURES = "customer_features"


def _settings() -> Settings:
    return Settings.from_environment()


def _step(report: Report, name: str, to: str, work: Callable[[], T]) -> T:
    """A step as a task with its own retries; what it did goes into the log and the report."""
    began = time.perf_counter()
    result = run_task(name, work)
    line = as_text(report.add(name, to, result, time.perf_counter() - began))
    get_run_logger().info(line)
    print(line, flush=True)
    return result


@flow(name="capture", timeout_seconds=2 * HOURS)
def capture_files() -> None:
    """New files of the systems of record into the raw zone."""
    settings = _settings()
    with only_run(settings.home):
        _step(Report(), "capture files", settings.raw, lambda: capture(settings))


@flow(name="capture-stream", timeout_seconds=2 * HOURS)
def capture_events(follow_seconds: float = 0) -> None:
    """Events of the stream into the raw zone; ``follow_seconds`` to go on reading. Runs beside everything else."""
    settings = _settings()
    _step(Report(), "capture stream", settings.raw, lambda: capture_stream(settings, follow_seconds))


@flow(name="bridge", timeout_seconds=2 * HOURS)
def bridge_events(follow_seconds: float = 0) -> None:
    """Events of the stream on to Pub/Sub; ``follow_seconds`` to go on reading. Runs beside everything else."""
    settings = _settings()
    _step(Report(), "bridge", settings.streams.topic, lambda: bridge(settings, follow_seconds))


@flow(name="curate", timeout_seconds=2 * HOURS)
def curate_files() -> None:
    """What is new in the raw zone becomes a curated batch."""
    settings = _settings()
    with only_run(settings.home):
        _step(Report(), "curate", settings.curated, lambda: curate(settings))


@flow(name="warehouse", timeout_seconds=6 * HOURS)
def warehouse(target: str) -> None:
    """One warehouse brought up to date: replicate, load, dbt build, reconcile, unload."""
    (known,) = check_targets([target])
    done = _Day(_settings(), Report())
    done.update([known])
    done.unload()
    _raise_failures(done.failed)


@flow(name="day", timeout_seconds=12 * HOURS)
def day(targets: list[str] | None = None, predictions: bool = True) -> None:
    """The whole day: files and events in, a batch curated, every warehouse brought up to date, with ``predictions``
    customers scored and their scores brought to all, and marts unloaded. ``targets`` defaults to the settings'.

    Prints what went where. Raises TargetsFailed with the names of the warehouses that failed, when all others are done.
    """
    settings, report = _settings(), Report()
    names = list(check_targets(targets)) if targets else list(settings.targets)
    done = _Day(settings, report)
    try:
        with only_run(settings.home):
            if settings.streams.source:
                _step(report, "capture stream", settings.raw, lambda: capture_stream(settings))
                if settings.streams.topic:
                    _step(report, "bridge", settings.streams.topic, lambda: bridge(settings))
            _take_in(settings, report, "")
            done.update(names)
            if predictions and done.reconciled:
                _predict(settings, report, done)
                arrived = _take_in(settings, report, " predictions")
                if arrived.number:
                    # other sources may have delivered meanwhile; then everything is built
                    only_scores = {t["source"] for t in arrived.tables} <= {"ml"}
                    selection = ("--select", "source:ml+") if only_scores else ()
                    done.update(list(done.reconciled), " predictions", selection)
            done.unload()
    finally:
        create_markdown_artifact(key="customer-360-day", markdown=f"```\n{report.text()}\n```")
        create_table_artifact(key="customer-360-what-went-where", table=report.table())
        print(report.text(), flush=True)
    _raise_failures(done.failed)


def _take_in(settings: Settings, report: Report, suffix: str) -> Batch:
    _step(report, f"capture files{suffix}", settings.raw, lambda: capture(settings))
    batch = _step(report, f"curate{suffix}", settings.curated, lambda: curate(settings))
    if batch.number:
        create_table_artifact(
            key="customer-360-batch",
            table=[
                {k: t[k] for k in ("source", "table", "read", "rows", "rejected", "duplicates")}
                for t in batch.tables
            ],
            description=f"Batch {batch.number}",
        )
    return batch


def _predict(settings: Settings, report: Report, done: _Day) -> None:
    """Score from the features that BigQuery unloads, where it is among the warehouses, and leave the scores in the
    outbox of predictions; from there they come into every warehouse like any other source."""
    target = next((t for t in ("bigquery", "local") if t in done.reconciled), next(iter(done.reconciled)))
    zone = settings.zone("analytics", target)
    _step(report, f"unload features {target}", zone, lambda: unload(settings, target, {FEATURES: None}))
    _step(report, "score", settings.outbox("ml"), lambda: _score(settings, target))


def _score(settings: Settings, target: str) -> Scored:
    features = unloaded_files(settings, target, FEATURES, settings.cache / "features")
    outbox = open_lake(settings.outbox("ml"), settings.access)
    if outbox.root == str(settings.company):
        return score(features, settings.company)
    folder = settings.home / "scored"
    scored = score(features, folder)
    if scored.file is not None:
        name = scored.file.relative_to(folder).as_posix()
        if not outbox.exists(name):  # what was scored for a day stays, as it does in a folder
            outbox.copy_in(scored.file, name)
    return scored


class _Day:
    """What the warehouses of a day have come to: each by itself, whatever becomes of the others."""

    def __init__(self, settings: Settings, report: Report) -> None:
        self.settings, self.report = settings, report
        self.reconciled: dict[str, Reconciled] = {}
        self.failed: dict[str, str] = {}

    def update(self, targets: list[str], suffix: str = "", selection: tuple[str, ...] = ()) -> None:
        """Bring warehouses up to date side by side."""
        running = {t: _update.submit(t, suffix, selection, self.report) for t in targets}
        for target, found in self._ended(running):
            self.reconciled[target] = found

    def unload(self) -> None:
        """Unload the marts of the warehouses that stand, side by side."""
        running = {
            t: _unload.submit(t, {m["mart"]: m["rows"] for m in found.marts}, self.report)
            for t, found in self.reconciled.items()
        }
        for _ in self._ended(running):
            pass

    def _ended(self, running: dict[str, PrefectFuture[Any]]) -> Iterable[tuple[str, Any]]:
        """Wait for all; those that ended well. The sentences of the others are kept by name."""
        wait(list(running.values()))
        for target, future in running.items():
            result = future.result(raise_on_failure=False)
            if isinstance(result, BaseException):
                self.failed[target] = str(result)
                self.reconciled.pop(target, None)
                get_run_logger().error("%s", result)
            else:
                yield target, result


@task(name="warehouse", task_run_name="warehouse-{target}{suffix}", cache_policy=NO_CACHE)
def _update(target: str, suffix: str, selection: tuple[str, ...], report: Report) -> Reconciled:
    settings = _settings()

    def step(what: str, to: str, work: Callable[[], T]) -> T:
        return _step(report, f"{what} {target}{suffix}", to, work)

    # one dbt at a time per warehouse, over all runs; the limit is created by flows/register.py
    with concurrency(f"warehouse-{target}", occupy=1, timeout_seconds=2 * HOURS):
        try:
            if settings.replicas.get(target):
                copy = settings.zone("curated", target)
                with Progress(f"Curated zone to {copy}") as progress:
                    step("replicate", copy, lambda: replicate(settings, target, progress))
            loaded = step("load", f"{target} landing", lambda: load(settings, target))
            known = loaded.files == 0
            step("dbt build", f"{target} marts", lambda: build(settings, target, selection, holds_all=known))
            try:
                found = step("reconcile", f"{target} marts", lambda: reconcile(settings, target))
            except Customer360Error:
                State(settings, force=False).forget(f"build-{target}")  # the next day builds it anew
                raise
        except Customer360Error as fault:
            raise type(fault)(str(fault)) from None
    _publish(settings, target, [m["mart"] for m in found.marts])
    create_table_artifact(key=f"customer-360-{target}", table=[{**m, "target": target} for m in found.marts])
    return found


@task(name="unload", task_run_name="unload-{target}", cache_policy=NO_CACHE)
def _unload(target: str, expected: dict[str, int | None], report: Report) -> None:
    settings = _settings()
    with concurrency(f"warehouse-{target}", occupy=1, timeout_seconds=2 * HOURS):
        try:
            zone = settings.zone("analytics", target)
            _step(report, f"unload {target}", zone, lambda: unload(settings, target, expected))
        except Customer360Error as fault:
            raise type(fault)(str(fault)) from None


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
