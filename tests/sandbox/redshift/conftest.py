"""The stand-in as a server of its own, reached by the real driver."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redshift_connector

ROOT = Path(__file__).resolve().parents[3]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs these tests, so that one server serves them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("redshift"))


@dataclass
class Running:
    """A server process, its port on loopback and the folder that stands for s3://."""

    process: subprocess.Popen[str]
    port: int
    files: Path
    opened: list[Any] = field(default_factory=list)

    def connect(self, user: str = "sandbox", database: str = "dev") -> Any:
        """A connection of redshift_connector in autocommit, closed with the test session."""
        connection = redshift_connector.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            password="any",
            database=database,
            ssl=False,
            timeout=60,
        )
        connection.autocommit = True
        self.opened.append(connection)
        return connection

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode


def begin(folder: Path, *arguments: str) -> Running:
    """Start a server on a free port. ``arguments`` without --folder: nothing is kept."""
    files = folder / "s3"
    (files / "bucket").mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.redshift", "--port", "0", "--home", str(folder), *(arguments or ("--memory",)), "--files", str(files)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"127\.0\.0\.1:(\d+)", line)
    assert found, line
    return Running(process, int(found[1]), files)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts servers; all are stopped at the end."""
    started: list[Running] = []

    def started_one(folder: Path, *arguments: str) -> Running:
        running = begin(folder, *arguments)
        started.append(running)
        return running

    yield started_one
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def server(start: Callable[..., Running], tmp_path_factory: pytest.TempPathFactory) -> Running:
    return start(tmp_path_factory.mktemp("redshift"))


class Told(Exception):
    """An error of the server: Redshift's fields of it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(f"{fields.get('C')} {fields.get('M')} {fields.get('D', '')}")
        self.fields = fields


@dataclass
class Client:
    """A schema of its own on a server; ``ask`` gives rows, errors raise Told."""

    connection: Any
    schema: str

    def ask(self, sql: str, *parameters: Any) -> list[list[Any]]:
        cursor = self.connection.cursor()
        try:
            cursor.execute(sql, parameters) if parameters else cursor.execute(sql)
        except redshift_connector.Error as problem:
            raise Told(
                problem.args[0] if isinstance(problem.args[0], dict) else {"M": str(problem)}
            ) from None
        return [list(row) for row in cursor.fetchall()] if cursor.description else []

    def refused(self, sql: str) -> dict[str, str]:
        """The fields of the error that a statement gives."""
        with pytest.raises(Told) as told:
            self.ask(sql)
        return told.value.fields

    def types(self, sql: str) -> list[int]:
        """OIDs of a query's columns, as the driver gets them."""
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return [column[1] for column in cursor.description]


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> str:
    name = re.sub(r"\W+", "_", request.node.name).lower()[:45]
    return f"t_{name}_{zlib.crc32(request.node.nodeid.encode()):08x}"


@pytest.fixture
def client(server: Running, schema: str) -> Client:
    made = Client(server.connect(), schema)
    made.ask(f"create schema {schema}")
    made.ask(f"set search_path to {schema}")
    return made


@pytest.fixture
def other(server: Running, client: Client) -> Client:
    """A second session in the same schema."""
    made = Client(server.connect(), client.schema)
    made.ask(f"set search_path to {client.schema}")
    return made
