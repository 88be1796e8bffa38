"""A stand-in as a process of its own, Microsoft's driver, and dbt."""

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

import pyodbc
import pytest

ROOT = Path(__file__).resolve().parents[3]
Rows = list[tuple[Any, ...]]

# a pooled connection would hide that a server was killed
pyodbc.pooling = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs these tests, so that one server serves them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("synapse"))


@dataclass
class Running:
    """A server process, its address as ODBC writes it (`127.0.0.1,port`), its folder of files."""

    process: subprocess.Popen[str]
    address: str
    files: Path

    @property
    def port(self) -> int:
        return int(self.address.split(",")[1])

    def connect(self, *, autocommit: bool = True, **changed: str) -> pyodbc.Connection:
        told = {"UID": "sandbox", "PWD": "sandbox", "Database": "customer_360", "Encrypt": "no", **changed}
        words = "".join(f"{name}={value};" for name, value in told.items())
        return pyodbc.connect(
            f"DRIVER={{ODBC Driver 18 for SQL Server}};SERVER={self.address};{words}",
            autocommit=autocommit,
            timeout=10,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode


Start = Callable[..., Running]


@pytest.fixture(scope="session")
def start() -> Iterator[Start]:
    """Starts servers on free ports with their state in a folder; all are stopped at the end."""
    started: list[Running] = []

    def begin(folder: Path, *arguments: str) -> Running:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "sandbox.synapse", "--port", "0", "--folder", str(folder / "state"),
                "--files", str(folder / "files"), *arguments,
            ],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"127\.0\.0\.1,\d+", line)
        assert found, line
        running = Running(process, found.group(), folder / "files")
        started.append(running)
        return running

    yield begin
    for running in started:
        running.stop()


@pytest.fixture(scope="session")
def server(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Running:
    return start(tmp_path_factory.mktemp("synapse"))


@dataclass
class Client:
    """One connection, and a schema that no other test uses."""

    connection: pyodbc.Connection
    schema: str

    def run(self, sql: str, *parameters: Any) -> pyodbc.Cursor:
        """Runs a batch to its end, so that every error in it is raised; {s} stands for the schema."""
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("{s}", self.schema), *parameters)
        if cursor.description is None:
            while cursor.nextset() and cursor.description is None:
                pass
        return cursor

    def run_to_the_end(self, sql: str, *parameters: Any) -> None:
        cursor = self.run(sql, *parameters)
        while cursor.nextset():
            pass

    def rows(self, sql: str, *parameters: Any) -> Rows:
        return [tuple(row) for row in self.run(sql, *parameters).fetchall()]

    def error(self, sql: str, *parameters: Any) -> tuple[int, str]:
        """The number and the text of the error that a batch must give."""
        with pytest.raises(pyodbc.Error) as caught:
            self.run_to_the_end(sql, *parameters)
        text = str(caught.value.args[1])
        found = re.search(r"\((\d+)\) \(SQL", text)
        assert found, text
        return int(found.group(1)), text


@pytest.fixture
def client(server: Running, request: pytest.FixtureRequest) -> Iterator[Client]:
    connection = server.connect()
    schema = re.sub(r"\W", "_", request.node.name)[:100]
    made = Client(connection, schema)
    made.run("if schema_id('{s}') is null exec('create schema {s}')")
    yield made
    connection.close()


@pytest.fixture
def dbt(server: Running, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs dbt on a project against the server."""

    def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments, "--profiles-dir", str(project), "--project-dir", str(project),
                "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs"),
            ],
            cwd=project, env={**os.environ, "STAND_IN": server.address, "CUSTOMER_360_SYNAPSE_HOST": server.address},
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip

    return run
