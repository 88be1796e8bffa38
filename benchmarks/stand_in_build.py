"""The whole project by dbt on a warehouse's stand-in, as a ratio to the same build on the embedded DuckDB.

Both targets hold the same company, loaded by the project's own flow, and have been built once; measured is
``dbt build --full-refresh`` with 4 threads, the embedded one first.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Measurement, measure
from sandbox.services import SERVICES

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"


@contextmanager
def serving(name: str, home: Path) -> Iterator[tuple[dict[str, str], float]]:
    """The stand-in on a free port: the environment that leads dbt to it, and the seconds until it was ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--home",
        str(home),
        "--services",
        name,
        "--ports",
        f"{name}={port}",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if not any(line.startswith("sandbox: ") for line in process.stdout):
            raise SystemExit(
                f"bench: the stand-in of {name} did not start; see {home}/logs/sandbox-{name}.log."
            )
        seconds = time.perf_counter() - began
        variable, _, value = SERVICES[name].settings[0].format(port=port).partition("=")
        yield {variable: value}, seconds
    finally:
        process.terminate()
        process.wait()


def run(name: str, home: Path, households: int) -> dict[str, Measurement]:
    """Build on both, print the ratio. Raises SystemExit with the log's end when a build fails."""
    folder = home / f"{name}-{households}-households"
    environment = {**os.environ, "DO_NOT_TRACK": "1", "CUSTOMER_360_HOME": str(folder)}
    log = folder / "bench.log"
    company = [
        "-m",
        "sandbox.company",
        "--out",
        str(folder / "company"),
        "--households",
        str(households),
        "--quiet",
    ]
    measure([sys.executable, *company], environment=environment, log=log)
    with serving(name, folder) as (leading, _):
        environment |= leading
        print(f"{name}: loading and building {households} households on local and {name}", flush=True)
        flow = [sys.executable, "-m", "flows.pipeline", "--targets", f"local,{name}", "--no-docs"]
        measure(flow, environment=environment, log=log)
        found = {}
        for target in ("local", name):
            path = folder / "target" / f"bench_{target}"
            command = [str(DBT), "build", "--full-refresh", "--target", target, "--project-dir", str(ROOT)]
            database = folder / "warehouse" / "customer_360.duckdb"
            own = {
                "DBT_TARGET_PATH": str(path),
                "DBT_LOG_PATH": str(path),
                "CUSTOMER_360_DUCKDB_PATH": str(database),
            }
            print(f"{name}: dbt build --full-refresh --target {target}", flush=True)
            found[target] = measure(command, environment={**environment, **own}, log=folder / f"{target}.log")
    ratio = found[name].seconds / found["local"].seconds
    print(
        f"{name} stand-in, {households} households: dbt build {found[name].seconds:.1f} s,"
        f" local {found['local'].seconds:.1f} s, {ratio:.2f}x"
    )
    return found
