"""python -m sandbox: starts what is named, tells where it is, leaves nothing behind, however it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from sandbox.__main__ import SILENT_CHECKS, Running
from sandbox.services import SERVICES, arguments
from tests.conftest import ROOT, python


def begin(home: Path, *arguments: str) -> tuple[subprocess.Popen[str], list[str]]:
    """A sandbox that is up, and what it said until then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "up", "--home", str(home), *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.startswith("sandbox: "):
            return process, said
    assert process.stderr is not None
    raise AssertionError(process.stderr.read())


def gone(processes: list[psutil.Process]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in processes):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.xdist_group("bigquery")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_services__come_and_go_together(tmp_path: Path, how: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cache = tmp_path / "cache"
    cache.symlink_to(ROOT / ".customer360" / "cache")
    process, said = begin(tmp_path, "--services", "bigquery", "--ports", f"bigquery={port}")
    told = "".join(said)
    assert re.search(rf"BigQuery stand-in ready: http://127\.0\.0\.1:{port}", told)
    assert f"CUSTOMER_360_BIGQUERY_ENDPOINT=http://127.0.0.1:{port}" in told
    below = psutil.Process(process.pid).children(recursive=True)
    assert below
    process.send_signal(how)
    process.wait(timeout=60)
    assert gone(below)
    if how is signal.SIGTERM:
        assert process.returncode == 0
        done = python("-m", "sandbox", "reset", "--home", str(tmp_path), "--services", "bigquery")
        assert done.returncode == 0
        assert not (tmp_path / "sandbox" / "bigquery").exists()


def test_environment__is_left_for_shells_while_the_sandbox_is_up(tmp_path: Path) -> None:
    """One service moved, one in its place: a shell that takes the file in reaches both. It goes with the sandbox."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        ports = [first.getsockname()[1], second.getsockname()[1]]
    process, said = begin(
        tmp_path, "--services", "gcs,pubsub", "--ports", f"gcs={ports[0]},pubsub={ports[1]}"
    )
    file = tmp_path / "sandbox" / "environment"
    try:
        shell = 'set -a; . "$1"; echo "$CUSTOMER_360_GCS_ENDPOINT $CUSTOMER_360_PUBSUB_ENDPOINT $CUSTOMER_360_LAKE"'
        told = subprocess.run(["sh", "-c", shell, "sh", str(file)], capture_output=True, text=True, check=True, env={})  # fmt: skip
        assert told.stdout == f"http://127.0.0.1:{ports[0]} http://127.0.0.1:{ports[1]} \n"
        assert file.stat().st_mode & 0o077 == 0
        assert f"  CUSTOMER_360_GCS_ENDPOINT=http://127.0.0.1:{ports[0]}\n" in said
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert not file.exists()


def test_service_that_takes_no_connection_any_more__ends_the_sandbox() -> None:
    """Silence is told after several checks in a row; one answer makes them start anew."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        running = Running(SERVICES["gcs"], listening.getsockname()[1], None, Path("log"))  # type: ignore[arg-type]
        assert running.check()
        running.silent = SILENT_CHECKS - 1
        assert running.check()
    assert [running.check() for _ in range(SILENT_CHECKS)] == [True] * (SILENT_CHECKS - 1) + [False]


def test_arguments__name_the_stores_that_run_beside_a_warehouse(tmp_path: Path) -> None:
    ports = {"redshift": 1, "aws": 2}
    assert arguments(SERVICES["redshift"], ports, tmp_path) == ["--s3-endpoint", "http://127.0.0.1:2"]
    assert arguments(SERVICES["redshift"], {"redshift": 1}, tmp_path) == []


def test_taken_port__is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = f"bigquery={taken.getsockname()[1]}"
        done = python("-m", "sandbox", "--home", str(tmp_path), "--services", "bigquery", "--ports", ports)
    assert done.returncode == 2
    assert "bigquery did not start" in done.stderr
    assert "cannot be used" in done.stderr


def test_unknown_service__is_named_with_those_there_are(tmp_path: Path) -> None:
    done = python("-m", "sandbox", "--home", str(tmp_path), "--services", "teradata")
    assert done.returncode == 2
    assert "there is no service 'teradata'; there are redshift, synapse, bigquery" in done.stderr
