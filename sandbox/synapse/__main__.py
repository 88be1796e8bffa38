"""python -m sandbox.synapse: a Synapse dedicated SQL pool on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

import duckdb

from sandbox.loopback import bound
from sandbox.synapse.catalog.store import Change
from sandbox.synapse.catalog.things import External
from sandbox.synapse.files.azure_lake import AzureLake
from sandbox.synapse.files.lake import AccountLakes, FolderLake
from sandbox.synapse.language.names import BIN2, CI_AS
from sandbox.synapse.pool import Account, Pool
from sandbox.synapse.server import serve

CREDENTIAL = "customer_360_lake"  # the name that the project's external data sources use
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Serve. Exit code 2 when the port is taken or the store is held by another process."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.synapse", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="home folder of the project")
    parser.add_argument("--port", type=int, default=1433, help="port on loopback; 0 takes a free one")
    parser.add_argument("--folder", type=Path, help="where state is kept (default: <home>/sandbox/synapse)")
    parser.add_argument(
        "--memory", action="store_true", help="keep nothing: all is gone when the server ends"
    )
    parser.add_argument(
        "--files", type=Path, help="folder of <account>/<container>/… (default: <home>/sandbox/azure)"
    )
    parser.add_argument(
        "--azure-endpoint",
        metavar="URL",
        help="Azure storage on loopback, such as http://127.0.0.1:10000/devstoreaccount1, that holds the files of this account",
    )
    parser.add_argument("--database", default="customer_360", help="name of the one database")
    parser.add_argument("--user", default="sandbox", help="name of the one login")
    parser.add_argument("--password", default="sandbox", help="its password")
    parser.add_argument("--collation", choices=[BIN2, CI_AS], default=BIN2, help="collation of the database")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="sandbox: %(message)s")
    folder = None if arguments.memory else arguments.folder or arguments.home / "sandbox" / "synapse"
    files = FolderLake(arguments.files or arguments.home / "sandbox" / "azure")
    azure = None
    if arguments.azure_endpoint:
        try:
            azure = AzureLake(arguments.azure_endpoint)
        except ValueError as error:
            parser.error(str(error))
    lake = files if azure is None else AccountLakes({azure.account: azure}, files)
    with bound(arguments.port) as listening:
        try:
            account = Account(arguments.user, arguments.password)
            pool = Pool(folder, arguments.database, arguments.collation, account, lake)
        except (OSError, duckdb.Error) as error:
            print(f"sandbox: the state in {folder} cannot be opened: {error}", file=sys.stderr)
            return 2
        if arguments.azure_endpoint:
            give_credential(pool)
        port = listening.getsockname()[1]
        where = "nothing is kept" if folder is None else f"state in {folder}"

        def ready() -> None:
            print(
                f"Synapse stand-in ready: 127.0.0.1,{port} (database {arguments.database}; {where}). Ctrl-C ends it.",
                flush=True,
            )

        try:
            asyncio.run(serve(listening, pool, ready))
        finally:
            pool.close()
            if azure is not None:
                azure.close()
    return 0


def give_credential(pool: Pool) -> None:
    """What a pool's owner does once by CREATE DATABASE SCOPED CREDENTIAL: leave to use the storage."""
    state, kind = pool.engine.state, "database scoped credential"
    if any(e.kind == kind and e.name == CREDENTIAL for e in state.all(External)):
        return
    change, root = Change(state), pool.engine.root
    change.put(External(state.new_id(), kind, CREDENTIAL, {"IDENTITY": "Managed Service Identity"}))
    root.execute("BEGIN TRANSACTION")
    change.commit(root.execute, lambda: root.execute("COMMIT"))


if __name__ == "__main__":
    sys.exit(main())
