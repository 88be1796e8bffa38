"""The Prefect server of one run: on loopback, quiet, and ended with the run, however that ends.

Prefect would start a temporary server by itself, but leave it behind when the run is killed with kill -9; here the
leash holds it (flows/leash.py). Where PREFECT_API_URL names a server, that one is used.
https://docs.prefect.io/v3/how-to-guides/self-hosted/server-cli
"""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from flows.errors import SettingsError
from flows.settings import PROJECT, Settings, prefect_api_url, use_prefect_server

SECONDS_TO_START = 120


def start_prefect_server(settings: Settings) -> None:
    """A server that answers until this process ends; call before prefect is imported.

    It must outlive what Prefect still logs when Python ends: handlers of atexit run last in, first out, and Prefect's
    are registered at its import. SettingsError when the server does not come up; its log is named.
    """
    if prefect_api_url():
        return
    port = _free_port()
    log = settings.home / "logs" / "prefect.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    quiet = ["--no-ui", "--no-services", "--log-level", "ERROR"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.leash", sys.executable, "-m", *command, *quiet],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    atexit.register(_end, process)
    url = f"http://127.0.0.1:{port}/api"
    _wait_for(url, process, str(log))
    use_prefect_server(url)


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()  # the leash ends the server
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SettingsError(
        f"the local Prefect server did not start at {url}; see {log}, or name one with PREFECT_API_URL."
    )
