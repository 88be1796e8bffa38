"""python -m sandbox.bigquery: BigQuery's REST interface on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import uvicorn

from sandbox.bigquery.execution.context import Warehouse
from sandbox.bigquery.server import Server
from sandbox.loopback import bound

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Serve. Exit code 2 when the port is taken or the store is held by another process."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.bigquery", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    parser.add_argument("--port", type=int, default=9050, help="port on loopback; 0 takes a free one")
    parser.add_argument("--folder", type=Path, help="where state is kept (default: <home>/sandbox/bigquery)")
    parser.add_argument(
        "--memory", action="store_true", help="keep nothing: all is gone when the server ends"
    )
    parser.add_argument(
        "--files", type=Path, help="folder that stands for gs:// (default: <home>/sandbox/gcs)"
    )
    parser.add_argument("--cache", type=Path, help="folder of the compiled analyzer (default: <home>/cache)")
    parser.add_argument("--location", default="EU", help="location of datasets")
    arguments = parser.parse_args()
    folder = None if arguments.memory else arguments.folder or arguments.home / "sandbox" / "bigquery"
    with bound(arguments.port) as listening:
        try:
            warehouse = Warehouse(
                folder,
                arguments.cache or arguments.home / "cache",
                arguments.files or arguments.home / "sandbox" / "gcs",
                arguments.location,
            )
        except OSError as error:
            print(f"sandbox: the state in {folder} cannot be opened: {error}", file=sys.stderr)
            return 2
        port = listening.getsockname()[1]
        where = "nothing is kept" if folder is None else f"state in {folder}"
        config = uvicorn.Config(
            Server(warehouse).app, log_level="warning", timeout_graceful_shutdown=5, lifespan="on"
        )
        server = uvicorn.Server(config)
        signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
        print(f"BigQuery stand-in ready: http://127.0.0.1:{port} ({where}). Ctrl-C ends it.", flush=True)
        server.run(sockets=[listening])
    return 0


if __name__ == "__main__":
    sys.exit(main())
