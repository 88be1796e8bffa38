"""python -m sandbox.redshift: Redshift's wire protocol on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import signal
import socket
import sys
from pathlib import Path

from sandbox.loopback import bound
from sandbox.redshift import postgres
from sandbox.redshift.bulk.objects import Endpoint, Folder, Objects, WithHome
from sandbox.redshift.names import Names
from sandbox.redshift.postgres import Postgres, PostgresFailed
from sandbox.redshift.server import Server
from sandbox.redshift.warehouse import Warehouse
from sandbox.redshift.wire.backend import PostgresError
from sandbox.redshift.wire.messages import Broken

ROOT = Path(__file__).resolve().parents[2]


def names(text: str) -> list[str]:
    """Names of databases or users, separated by commas."""
    found = [name.strip().lower() for name in text.split(",") if name.strip()]
    for name in found:
        if not re.fullmatch(r"[a-z_][\w$.@-]{0,62}", name):
            raise argparse.ArgumentTypeError(f"'{name}' cannot be a name of a database or user")
    return found


def main() -> int:
    """Serve. Exit code 2 when the port is taken, or PostgreSQL cannot be started."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.redshift", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    parser.add_argument("--port", type=int, default=5439, help="port on loopback; 0 takes a free one")
    parser.add_argument("--folder", type=Path, help="where state is kept (default: <home>/sandbox/redshift)")
    parser.add_argument(
        "--memory", action="store_true", help="keep nothing: all is gone when the server ends"
    )
    parser.add_argument(
        "--files", type=Path, help="folder that stands for s3:// (default: <home>/sandbox/s3)"
    )
    parser.add_argument("--s3-endpoint", help="address of a server of S3's interface, instead of --files")
    parser.add_argument(
        "--databases", type=names, default=["dev"], help="databases to have, separated by commas"
    )
    parser.add_argument(
        "--users",
        type=names,
        default=["sandbox", "awsuser"],
        help="superusers to have; any password is theirs",
    )
    parser.add_argument(
        "--isolation",
        choices=list(postgres.ISOLATION),
        default="snapshot",
        help="isolation level of the databases",
    )
    arguments = parser.parse_args()
    folder = (
        None if arguments.memory else (arguments.folder or arguments.home / "sandbox" / "redshift").absolute()
    )
    if missing := postgres.absence():
        print(f"sandbox: {missing}", file=sys.stderr)
        return 2
    # with the protocol named, asyncio sends small answers at once (TCP_NODELAY)
    with bound(arguments.port, socket.IPPROTO_TCP) as listening:
        engine = Postgres(folder, arguments.isolation)
        try:
            engine.start()
            objects: Objects = (
                Endpoint(arguments.s3_endpoint)
                if arguments.s3_endpoint
                else Folder(arguments.files or arguments.home / "sandbox" / "s3")
            )
            warehouse = Warehouse(
                engine, Names(folder / "long_names" if folder else None), WithHome(objects, arguments.home)
            )
            asyncio.run(_serve(Server(warehouse, arguments.databases, arguments.users), listening, folder))
        except (OSError, PostgresFailed, PostgresError, Broken) as error:
            print(f"sandbox: {error}", file=sys.stderr)
            return 2
        finally:
            engine.stop()
    return 0


async def _serve(server: Server, listening: socket.socket, folder: Path | None) -> None:
    logging.basicConfig(level=logging.WARNING)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await server.prepare()
    host, port = listening.getsockname()
    listening.listen(100)
    where = "nothing is kept" if folder is None else f"state in {folder}"
    print(f"Redshift stand-in ready: {host}:{port} ({where}). Ctrl-C ends it.", flush=True)
    await server.serve(listening, stopping)


if __name__ == "__main__":
    sys.exit(main())
