"""Start, end, kill; clients that are known, unknown, gone or no clients at all."""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
import redshift_connector

from sandbox.redshift.postgres import Postgres
from tests.sandbox.redshift.conftest import ROOT, Client, Running


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the user nobody can enter, which pytest's own are not when root runs it."""
    made = Path(tempfile.mkdtemp(prefix="redshift-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def engines(folder: Path) -> list[int]:
    """Processes of PostgreSQL whose state lies in a folder."""
    found = []
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        if process.info["name"] == "postgres" and str(folder) in " ".join(process.info["cmdline"] or []):
            found.append(process.info["pid"])
    return found


def until(true: Callable[[], object], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_kill__leaves_no_postgres_and_the_state_whole(start: Callable[..., Running], home: Path) -> None:
    folder = home / "state"
    running = start(home, "--folder", str(folder))
    client = Client(running.connect(), "public")
    long_name = "n" * 100
    client.ask(f"create table {long_name} (id int) diststyle all")
    client.ask(f"insert into {long_name} values (1)")
    client.ask("begin")
    client.ask(f"insert into {long_name} values (2)")
    assert engines(folder)
    running.kill()
    assert until(lambda: not engines(folder)), "PostgreSQL outlived the server"
    again = start(home, "--folder", str(folder))
    client = Client(again.connect(), "public")
    assert client.ask(f"select * from {long_name}") == [[1]]
    assert client.ask('select "table", diststyle from svv_table_info') == [[long_name, "ALL"]]
    assert again.stop() == 0
    assert until(lambda: not engines(folder))


def test_memory__keeps_nothing_and_ends_cleanly(start: Callable[..., Running], tmp_path: Path) -> None:
    running = start(tmp_path)
    Client(running.connect(), "public").ask("create table t (id int)")
    children = psutil.Process(running.process.pid).children(recursive=True)
    assert children
    assert running.stop() == 0
    assert until(lambda: not any(child.is_running() for child in children))


def test_port_that_is_taken__is_told_with_exit_code_2(server: Running, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.redshift", "--port", str(server.port), "--memory", "--home", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"port {server.port} cannot be used" in done.stderr


def test_state_that_another_server_holds__is_told_with_exit_code_2(
    start: Callable[..., Running], home: Path
) -> None:
    folder = home / "state"
    start(home, "--folder", str(folder))
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.redshift", "--port", "0", "--folder", str(folder), "--home", str(home)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "held by another server" in done.stderr


def test_state_of_another_version__is_told_with_exit_code_2(home: Path) -> None:
    """Its system views are the old ones: a query of them would give what this version does not promise."""
    folder = home / "old"
    engine = Postgres(folder)
    engine.start()
    with psycopg2.connect(
        host=str(engine.sockets), port=5432, user="rdsdb", dbname="template1"
    ) as connection:
        connection.cursor().execute("create schema redshift_catalog")
    connection.close()
    engine.stop()
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.redshift", "--port", "0", "--folder", str(folder), "--home", str(home)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "made by another version of the stand-in; delete it" in done.stderr


def test_unknown_user_and_database__are_refused(server: Running) -> None:
    with pytest.raises(
        redshift_connector.InterfaceError, match='password authentication failed for user "nobody"'
    ):
        server.connect(user="nobody")
    with pytest.raises(redshift_connector.ProgrammingError, match='database "elsewhere" does not exist'):
        server.connect(database="elsewhere")
    with pytest.raises(redshift_connector.ProgrammingError, match='database "postgres" does not exist'):
        server.connect(database="postgres")


def test_server__is_redshift_to_clients(server: Running, client: Client) -> None:
    assert "Redshift 1.0" in client.ask("select version()")[0][0]
    connection = psycopg2.connect(
        host="127.0.0.1", port=server.port, user="sandbox", password="any", dbname="dev"
    )
    assert connection.server_version == 80002
    with connection.cursor() as cursor:  # the simple protocol
        cursor.execute("select 1 as one, cast('a' as varchar(3)) as a; select %s", ("it's",))
        assert cursor.fetchall() == [("it's",)]
        cursor.execute(
            "create table public.twice (a int); insert into public.twice values (1); select * from public.twice"
        )
        assert cursor.fetchall() == [(1,)]
    connection.rollback()
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.UndefinedTable):
        cursor.execute("select * from public.twice")
    connection.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x00",
        b"\xff" * 64,
        struct.pack("!ii", 8, 196608) + b"\x00",
        struct.pack("!ii", 90, 196608) + b"user\0sandbox\0",
        b"",
    ],
)
def test_garbage__harms_nobody(server: Running, client: Client, garbage: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(garbage)
        raw.shutdown(socket.SHUT_WR)
        raw.recv(1000)
    assert client.ask("select 1") == [[1]]


def test_garbage_after_start_up__ends_that_session_only(server: Running, client: Client) -> None:
    broken = server.connect()
    broken._usock.sendall(b"\x00\xff\xff\xff\xff garbage")
    with pytest.raises((redshift_connector.Error, OSError, AttributeError, ValueError)):
        broken.cursor().execute("select 1")
    assert client.ask("select 1") == [[1]]


def test_many_connections__work_at_once(server: Running, client: Client) -> None:
    client.ask("create table numbers (n int)")
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            mine = Client(server.connect(), client.schema)
            for _ in range(5):
                mine.ask(f"insert into {client.schema}.numbers values ({number})")
        except BaseException as problem:
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert client.ask("select count(*), count(distinct n) from numbers") == [[100, 20]]


def test_terminate__ends_a_waiting_session(server: Running, client: Client, other: Client) -> None:
    client.ask("create table held (id int)")
    client.ask("begin")
    client.ask("lock held")
    pid = other.ask("select pg_backend_pid()")[0][0]
    threading.Timer(
        0.5, lambda: Client(server.connect(), "").ask(f"select pg_terminate_backend({pid})")
    ).start()
    began = time.monotonic()
    with pytest.raises(Exception, match=r"terminat|closed|BrokenPipe"):
        other.ask("insert into held values (1)")
    assert time.monotonic() - began < 20
    client.ask("rollback")


def test_cancel_request__ends_the_statement_and_not_the_session(
    server: Running, client: Client, other: Client
) -> None:
    """A CancelRequest comes by a connection of its own, with the key that the session was given at its start."""
    client.ask("create table held (id int)")
    client.ask("begin")
    client.ask("lock held")
    process, key = struct.unpack("!ii", other.connection._backend_key_data)
    told: list[dict[str, str]] = []
    waiting = threading.Thread(target=lambda: told.append(other.refused("insert into held values (1)")))
    waiting.start()

    def cancel(secret: int) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as second:
            second.sendall(struct.pack("!iiii", 16, 80877102, process, secret))
            assert second.recv(1) == b""

    cancel(key ^ 1)
    waiting.join(0.5)
    assert waiting.is_alive(), "another key than the session's own has ended its statement"
    while waiting.is_alive():
        cancel(key)
        waiting.join(0.1)
    assert told[0]["C"] == "57014"
    assert other.ask("select 1") == [[1]]
    client.ask("rollback")


def test_client_that_dies__frees_what_it_held(server: Running, client: Client, other: Client) -> None:
    client.ask("create table held (id int)")
    other.ask("begin")
    other.ask("lock held")
    other.connection._usock.shutdown(socket.SHUT_RDWR)
    client.ask("insert into held values (1)")
    assert client.ask("select * from held") == [[1]]
