"""python -m sandbox.gcs: Google Cloud Storage's JSON API on loopback over a folder, until Ctrl-C."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sandbox import foreign, serving
from sandbox.gcs.server import Server
from sandbox.gcs.store import Store


def main() -> int:
    """Serve; buckets that are named are created first. Exit code 2 when the port is taken."""
    parser = foreign.parser("gcs", 4443, __doc__ or "")
    parser.add_argument("--bucket", action="append", default=[], help="bucket to create (may be repeated)")
    parser.add_argument(
        "--files", type=Path, help="folder that stands for gs:// (default: <home>/sandbox/gcs)"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as nowhere:
        folder = Path(nowhere) if given.memory else given.files or given.home / "sandbox" / "gcs"
        store = Store(folder)
        for bucket in given.bucket:
            if not (store.known / bucket).exists():
                store.create_bucket(bucket)
        where = "nothing is kept" if given.memory else f"files in {folder}"
        return serving.serve(
            Server(store).app,
            given.port,
            f"Google Cloud Storage stand-in ready: http://127.0.0.1:{{port}} ({where}). Ctrl-C ends it.",
        )


if __name__ == "__main__":
    sys.exit(main())
