"""Jobs: queries, loads, copies and extracts, run by a few workers, kept in memory with their results."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.bigquery.billing import billed
from sandbox.bigquery.catalog import Key, Table, now_ms
from sandbox.bigquery.errors import Failure, InvalidQuery, NotFound, Unsupported
from sandbox.bigquery.execution import partitions, query, transfers
from sandbox.bigquery.execution.context import Context, Warehouse
from sandbox.bigquery.execution.dispatch import run_statement
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.execution.scripts import Script, is_script
from sandbox.bigquery.files import locations, writing
from sandbox.bigquery.rest import parameters, shapes
from sandbox.bigquery.types import of_field

log = logging.getLogger(__name__)
WORKERS = 8
KEPT_JOBS = 5000
KEPT_RESULTS = 500
ANONYMOUS = "_anonymous"


@dataclass
class Job:
    """A job; ``done`` is set when it has ended, well or not."""

    project: str
    name: str
    configuration: dict[str, Any]
    location: str
    created: int = field(default_factory=now_ms)
    started: int | None = None
    ended: int | None = None
    outcome: Outcome | None = None
    failure: Failure | None = None
    parent: str | None = None
    children: list[Job] = field(default_factory=list)
    context: Context | None = None
    cancelled: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def kind(self) -> str:
        return next((k for k in ("query", "load", "copy", "extract") if k in self.configuration), "unknown")

    @property
    def dry_run(self) -> bool:
        return bool(self.configuration.get("dryRun"))

    @property
    def state(self) -> str:
        return "DONE" if self.done.is_set() else "RUNNING" if self.started else "PENDING"


class Jobs:
    """All jobs since the server's start."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._jobs: OrderedDict[tuple[str, str], Job] = OrderedDict()
        self._results: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(WORKERS, "job")

    def submit(
        self, project: str, name: str | None, configuration: dict[str, Any], files: Sequence[Path] = ()
    ) -> Job:
        """Start a job. Raises Failure at once when it cannot be one: a name used before, no configuration."""
        job = Job(project, name or f"job_{uuid.uuid4().hex}", configuration, self.warehouse.catalog.location)
        if job.kind == "unknown":
            raise Failure("required", "Required parameter is missing: configuration")
        with self._lock:
            if (project, job.name) in self._jobs:
                raise Failure("duplicate", f"Already Exists: Job {project}:{job.location}.{job.name}")
            if not job.dry_run:
                self._remember(job)
        self._workers.submit(self._run, job, list(files))
        return job

    def _remember(self, job: Job) -> None:
        self._jobs[job.project, job.name] = job
        while len(self._jobs) > KEPT_JOBS:
            self._jobs.popitem(last=False)

    def get(self, project: str, name: str) -> Job:
        job = self._jobs.get((project, name))
        if job is None:
            raise NotFound(f"Not found: Job {project}:{name}")
        return job

    def of(self, project: str, parent: str | None) -> list[Job]:
        """Newest first: those of a parent, or those without one."""
        return [j for (p, _), j in reversed(self._jobs.items()) if p == project and j.parent == parent]

    def delete(self, project: str, name: str) -> None:
        self.get(project, name)
        with self._lock:
            self._jobs.pop((project, name), None)

    def cancel(self, project: str, name: str) -> Job:
        """Interrupt a job that runs. One that has ended stays as it is."""
        job = self.get(project, name)
        job.cancelled = True
        for cursor in list(job.context.cursors) if job.context is not None else []:
            cursor.interrupt()
        return job

    def result_table(self, key: Key) -> Job | None:
        """The job whose anonymous result a table name stands for."""
        return self._jobs.get((key[0], key[2])) if key[1] == ANONYMOUS else None

    # ---------- running

    def _run(self, job: Job, files: list[Path]) -> None:
        job.started = now_ms()
        try:
            runner = {"query": self._query, "load": self._load, "copy": self._copy, "extract": self._extract}[
                job.kind
            ]
            job.outcome = runner(job, files)
            self._keep(job.outcome)
        except Failure as failure:
            job.failure = (
                Failure("stopped", "Job execution was cancelled: User requested cancellation")
                if job.cancelled
                else failure
            )
        except Exception as error:  # a fault of the stand-in must end the job, not the worker
            # no 500: clients would repeat for minutes what fails the same way each time
            log.exception("a fault of the stand-in in job %s", job.name)
            job.failure = Failure(
                "invalidQuery",
                f"not supported by the stand-in: it failed with {type(error).__name__}: {error}",
            )
        finally:
            job.ended = now_ms()
            job.done.set()

    def _keep(self, outcome: Outcome) -> None:
        """Old results go, so that a long session does not fill the memory."""
        if outcome.place is None:
            return
        with self._lock:
            self._results[outcome.place] = None
            while len(self._results) > KEPT_RESULTS:
                place, _ = self._results.popitem(last=False)
                with self.warehouse.catalog.cursor() as cursor:
                    cursor.execute(f"DROP TABLE IF EXISTS {place}")

    def _context(self, job: Job) -> Context:
        told = job.configuration["query"]
        named, positional = parameters.read(told.get("queryParameters") or [], told.get("parameterMode"))
        default = told.get("defaultDataset")
        context = Context(
            self.warehouse, job.project, (default.get("projectId", job.project), default["datasetId"]) if default else None,
            named, positional, job=job.name, dry_run=job.dry_run,
        )  # fmt: skip
        job.context = context
        return context

    def _query(self, job: Job, files: list[Path]) -> Outcome:
        told = job.configuration["query"]
        if told.get("useLegacySql", True):
            raise Unsupported("legacy SQL (useLegacySql)")
        text = told.get("query")
        if not isinstance(text, str) or not text.strip():
            raise Failure("required", "Required parameter is missing: query")
        context = self._context(job)
        statements = self.warehouse.gate.script(text)
        if is_script(statements):
            return self._script(job, context, text)
        if told.get("maximumBytesBilled") and not job.dry_run:
            self._check_limit(job, text, int(told["maximumBytesBilled"]))
        outcome = run_statement(context, text)
        if told.get("destinationTable") and outcome.kind == "SELECT":
            self._write(context, told, outcome)
        return outcome

    def _check_limit(self, job: Job, text: str, most: int) -> None:
        context = self._context(job)
        context.dry_run = True
        needed = billed(run_statement(context, text).processed)
        if needed > most:
            raise Failure(
                "invalid", f"Query exceeded limit for bytes billed: {most}. {needed} or higher required."
            )

    def _script(self, job: Job, context: Context, text: str) -> Outcome:
        if job.dry_run:
            return Outcome("SCRIPT")

        def child(statement: str, outcome: Outcome) -> None:
            name = f"script_job_{uuid.uuid4().hex}_{len(job.children)}"
            made = Job(
                job.project,
                name,
                {"query": {"query": statement, "useLegacySql": False}},
                job.location,
                parent=job.name,
            )
            made.started = made.ended = now_ms()
            made.outcome = outcome
            made.done.set()
            job.children.append(made)
            with self._lock:
                self._remember(made)

        return Script(context, text, child).run(self.warehouse.gate.script(text))

    def _write(self, context: Context, told: dict[str, Any], outcome: Outcome) -> None:
        """A query's result into the table that the job names."""
        target = told["destinationTable"]
        key = (target["projectId"], target["datasetId"], target["tableId"])
        outcome.destination = key
        if context.dry_run or key[1] == ANONYMOUS:
            return
        settings = {
            k: told[k] for k in ("timePartitioning", "rangePartitioning", "clustering") if told.get(k)
        }
        disposition = told.get("writeDisposition") or "WRITE_EMPTY"
        listed = f"SELECT * FROM {outcome.place} ORDER BY rowid"
        query.write_table(
            context,
            key,
            outcome.columns,
            listed,
            disposition,
            settings,
            told.get("createDisposition") or "CREATE_IF_NEEDED",
        )

    def _load(self, job: Job, files: list[Path]) -> Outcome:
        told = job.configuration["load"]
        target = told.get("destinationTable") or {}
        if not {"projectId", "datasetId", "tableId"} <= set(target):
            raise Failure("required", "Required parameter is missing: destinationTable")
        key = (target["projectId"], target["datasetId"], target["tableId"].split("$")[0])
        if "$" in target["tableId"]:
            raise Unsupported("loading into one partition (a $ decorator)")
        try:
            schema = [of_field(f) for f in (told.get("schema") or {}).get("fields", [])]
        except (ValueError, KeyError) as error:
            raise Failure("invalid", str(error)) from error
        settings = {
            k: told[k] for k in ("timePartitioning", "rangePartitioning", "clustering") if told.get(k)
        }
        settings |= {k: v for k, v in (told.get("destinationTableProperties") or {}).items() if v}
        if not files:
            if not told.get("sourceUris"):
                raise Failure("required", "Required parameter is missing: sourceUris")
            files = locations.found(told["sourceUris"], self.warehouse.files)
        context = Context(self.warehouse, job.project, job=job.name)
        job.context = context
        form = told.get("sourceFormat") or "CSV"
        disposition = told.get("writeDisposition") or "WRITE_APPEND"
        try:
            return transfers.load_files(context, key, files, form, told, schema, disposition, settings)
        except InvalidQuery as error:
            raise Failure("invalid", f"Error while reading data, error message: {error.message}") from error
        finally:
            if not told.get("sourceUris"):
                for path in files:
                    path.unlink(missing_ok=True)

    def _copy(self, job: Job, files: list[Path]) -> Outcome:
        told = job.configuration["copy"]
        named = told.get("sourceTables") or [told["sourceTable"]]
        target = told["destinationTable"]
        name, decorator = partitions.split(target["tableId"])
        key = (target["projectId"], target["datasetId"], name)
        operation = told.get("operationType") or "COPY"
        if operation not in ("COPY", "CLONE", "SNAPSHOT"):
            raise Unsupported(f"a copy job of type {operation}")
        context = Context(self.warehouse, job.project, job=job.name)
        job.context = context
        catalog = self.warehouse.catalog
        sources: list[Table] = []
        selects = []
        for source in named:
            plain, part = partitions.split(source["tableId"])
            table = catalog.table((source["projectId"], source["datasetId"], plain))
            if table.is_view:
                raise Failure("invalid", f"Cannot copy a view: {table.name}")
            sources.append(table)
            listed = ", ".join(f'"{c.name}" AS o{i}' for i, c in enumerate(sources[0].columns))
            where = f" WHERE {partitions.condition(table, part)}" if part else ""
            selects.append(f"SELECT {listed} FROM {table.place}{where}")
        first, sql = sources[0], " UNION ALL ".join(selects)
        settings = first.copied_settings
        disposition = told.get("writeDisposition") or "WRITE_EMPTY"
        if decorator and catalog.exists(key):
            rows = query.write_partition(context, key, decorator, list(first.columns), sql, disposition)
            return Outcome("COPY", rows=rows, target=key, destination=key)
        _, rows = query.write_table(
            context,
            key,
            list(first.columns),
            sql,
            disposition,
            settings,
            told.get("createDisposition") or "CREATE_IF_NEEDED",
        )
        return Outcome("COPY", rows=rows, target=key, destination=key)

    def _extract(self, job: Job, files: list[Path]) -> Outcome:
        told = job.configuration["extract"]
        source = told["sourceTable"]
        table = self.warehouse.catalog.table((source["projectId"], source["datasetId"], source["tableId"]))
        if table.is_view:
            raise Failure("invalid", f"Cannot extract a view: {table.name}")
        uris = told.get("destinationUris") or [told["destinationUri"]]
        listed = ", ".join(f'"{c.name}" AS o{i}' for i, c in enumerate(table.columns))
        with self.warehouse.catalog.cursor() as cursor:
            rows = writing.export(
                cursor, table.columns, f"SELECT {listed} FROM {table.place}", uris[0], self.warehouse.files,
                told.get("destinationFormat") or "CSV", told.get("compression") or "NONE", told.get("printHeader", True),
                told.get("fieldDelimiter") or ",",
            )  # fmt: skip
        return Outcome("EXTRACT", rows=rows, extra={"files": [1] * len(uris)})


def resource(job: Job, host: str) -> dict[str, Any]:
    """The job's resource. A query that gave rows names an anonymous table as its destination."""
    status: dict[str, Any] = {"state": job.state}
    if job.failure is not None:
        status["errorResult"] = job.failure.proto()
        status["errors"] = [job.failure.proto()]
    statistics: dict[str, Any] = {"creationTime": str(job.created)}
    if job.started:
        statistics["startTime"] = str(job.started)
    if job.ended:
        statistics["endTime"] = str(job.ended)
        statistics["finalExecutionDurationMs"] = str(job.ended - (job.started or job.ended))
    if job.parent:
        statistics["parentJobId"] = job.parent
    if job.children:
        statistics["numChildJobs"] = str(len(job.children))
    configuration = {**job.configuration, "jobType": job.kind.upper()}
    outcome = job.outcome
    if outcome is not None:
        _add_outcome(job, outcome, statistics, configuration)
    return {
        "kind": "bigquery#job", "id": f"{job.project}:{job.location}.{job.name}",
        "selfLink": f"{host}/bigquery/v2/projects/{job.project}/jobs/{job.name}?location={job.location}",
        "jobReference": {"projectId": job.project, "jobId": job.name, "location": job.location},
        "configuration": configuration, "status": status, "statistics": statistics, "user_email": "sandbox@localhost",
    }  # fmt: skip


def _add_outcome(
    job: Job, outcome: Outcome, statistics: dict[str, Any], configuration: dict[str, Any]
) -> None:
    if job.kind == "query":
        statistics["query"] = shapes.query_statistics(outcome, job.dry_run)
        statistics["totalBytesProcessed"] = str(outcome.processed)
        destination = outcome.destination
        if destination is None and outcome.columns and not job.dry_run:
            destination = (job.project, ANONYMOUS, job.name)
        if destination is not None:
            configuration["query"] = {
                **configuration["query"],
                "destinationTable": shapes.reference(destination),
            }
        configuration["query"].setdefault("priority", "INTERACTIVE")
    elif job.kind == "load":
        statistics["load"] = shapes.load_statistics(outcome)
    elif job.kind == "copy":
        statistics["copy"] = {"copiedRows": str(outcome.rows), "copiedLogicalBytes": "0"}
    elif job.kind == "extract":
        statistics["extract"] = {"destinationUriFileCounts": [str(n) for n in outcome.extra["files"]]}
