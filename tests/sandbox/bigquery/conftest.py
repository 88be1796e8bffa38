"""A stand-in in this process, one as a server of its own, and Google's evaluator as the oracle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.protobuf.empty_pb2 import Empty
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service

from sandbox.bigquery.analyzer.gate import Gate, Scope
from sandbox.bigquery.execution.context import Context, Warehouse
from sandbox.bigquery.execution.dispatch import run_statement
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.execution.scripts import Script, is_script
from sandbox.bigquery.translate import values
from sandbox.bigquery.types import of_proto

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".customer360" / "cache"
Rows = list[list[Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs these tests, so that one analyzer serves them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("bigquery"))


@dataclass
class StandIn:
    """Statements run in this process; ``rows`` gives a query's values in Python."""

    warehouse: Warehouse

    def run(self, sql: str, **settings: Any) -> Outcome:
        context = Context(self.warehouse, "p", **settings)
        statements = self.warehouse.gate.script(sql)
        return Script(context, sql).run(statements) if is_script(statements) else run_statement(context, sql)

    def rows(self, sql: str) -> Rows:
        outcome = self.run(sql)
        with self.warehouse.catalog.cursor() as cursor:
            found = cursor.execute(f"SELECT * FROM {outcome.place} ORDER BY rowid").fetchall()
        types = [c.type for c in outcome.columns]
        return [[values.of_engine(v, t) for v, t in zip(row, types, strict=True)] for row in found]

    def types(self, sql: str) -> list[str]:
        return [str(c.type) for c in self.run(sql, dry_run=True).columns]


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> StandIn:
    made = StandIn(Warehouse(None, CACHE, tmp_path_factory.mktemp("gcs")))
    made.run("create schema ds")
    return made


@dataclass
class Oracle:
    """Google's reference evaluator."""

    gate: Gate

    def rows(self, sql: str) -> tuple[list[str], Rows]:
        """Types and values of a query without tables. Raises AnalyzerError."""
        scope, runtime = Scope(), self.gate.runtime
        request = service.PrepareQueryRequest(
            sql=sql, options=self.gate._options(scope, sql), simple_catalog=self.gate._catalog(scope)
        )
        prepared = runtime.call("PrepareQuery", request, service.PrepareQueryResponse).prepared
        try:
            reply = runtime.call(
                "EvaluateQuery",
                service.EvaluateQueryRequest(prepared_query_id=prepared.prepared_query_id),
                service.EvaluateQueryResponse,
            )
        finally:
            runtime.call(
                "UnprepareQuery",
                service.UnprepareQueryRequest(prepared_query_id=prepared.prepared_query_id),
                Empty,
            )
        types = [of_proto(c.type) for c in prepared.columns]
        rows = [
            [values.decode(cell, t) for cell, t in zip(row.cell, types, strict=True)]
            for row in reply.content.table_data.row
        ]
        return [str(t) for t in types], rows


@pytest.fixture(scope="session")
def oracle(stand_in: StandIn) -> Oracle:
    return Oracle(stand_in.warehouse.gate)


@dataclass
class Running:
    """A server process and its address."""

    process: subprocess.Popen[str]
    address: str

    def client(self, project: str = "p") -> bigquery.Client:
        return bigquery.Client(
            project,
            AnonymousCredentials(),
            client_options=ClientOptions(api_endpoint=self.address),
            location="EU",
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Running]]:
    """Starts servers on free ports with their state in a folder; all are stopped at the end."""
    started: list[Running] = []

    def begin(folder: Path) -> Running:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "sandbox.bigquery", "--port", "0", "--folder", str(folder / "state"),
                "--files", str(folder / "gcs"), "--cache", str(CACHE),
            ],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, line
        running = Running(process, found.group())
        started.append(running)
        return running

    yield begin
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def server(start: Callable[[Path], Running], tmp_path_factory: pytest.TempPathFactory) -> Running:
    return start(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="session")
def client(server: Running) -> bigquery.Client:
    return server.client()


os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")
