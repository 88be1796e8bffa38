"""The services of the sandbox as processes: one ready line, ports, what they keep, and that none is left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from flows.lake import Access, open_lake
from tests.clouds.conftest import Clouds
from tests.clouds.services import service
from tests.conftest import ROOT

STORES = {"aws": ("--bucket", "kept"), "azure_storage": ("--container", "kept"), "gcs": ("--bucket", "kept")}


def address(name: str, url: str, access: Access) -> tuple[str, Access]:
    """A lake in a service's bucket, and the settings that reach it."""
    if name == "aws":
        return "s3://kept/x", replace(access, s3_endpoint=url)
    if name == "gcs":
        return "gs://kept/x", replace(access, gcs_endpoint=url)
    return f"{url}/kept/x", replace(access, azure_endpoint=url)


@pytest.mark.fault(22)
@pytest.mark.parametrize("name", STORES)
def test_objects__are_kept_from_one_start_to_the_next(name: str, clouds: Clouds, tmp_path: Path) -> None:
    for start in range(2):
        with service(name, tmp_path, *STORES[name], keep=True) as url:
            root, access = address(name, url, clouds.access)
            if start == 0:
                open_lake(root, access).write_new("a/b", b"kept")
            assert open_lake(root, access).read("a/b") == b"kept"


@pytest.mark.parametrize("name", ["aws", "azure_storage"])
def test_killed__leaves_no_process_behind(name: str, tmp_path: Path) -> None:
    """kill -9 of the one that was started ends the server below it too; its log is kept."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"sandbox.{name}", "--home", str(tmp_path), "--port", "0", "--memory"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert "ready: http" in process.stdout.readline()
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, left = psutil.wait_procs(children, timeout=60)
    assert left == []
    assert list((tmp_path / "logs").glob("sandbox-*.log"))


@pytest.mark.parametrize("name", ["aws", "azure_storage", "gcs", "pubsub", "secrets"])
def test_port_that_is_taken__is_told_in_one_sentence(name: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", f"sandbox.{name}", "--home", str(tmp_path), "--port", str(port), "--memory"],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(f"sandbox: port {port} cannot be used: ")
    assert len(done.stderr.splitlines()) == 1
