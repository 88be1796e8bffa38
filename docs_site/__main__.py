"""python -m docs_site build|serve --home FOLDER: build the documentation site, or serve it on loopback."""

from __future__ import annotations

import argparse
import functools
import http.server
import sys
from pathlib import Path

from docs_site.build import build_site
from flows.errors import Customer360Error

PROJECT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Exit code 3 with one sentence when there is nothing to build from or to serve."""
    parser = argparse.ArgumentParser(prog="python -m docs_site", description=__doc__)
    parser.add_argument("action", choices=["build", "serve"])
    parser.add_argument("--home", type=Path, default=PROJECT / ".customer360")
    parser.add_argument("--port", type=int, default=8360)
    given = parser.parse_args()
    home = given.home.absolute()
    if given.action == "build":
        try:
            print(build_site(home / "target" / "local", home, PROJECT))
        except Customer360Error as fault:
            print(fault, file=sys.stderr)
            return fault.exit_code
        return 0
    if not (home / "site" / "index.html").exists():
        print(
            f"docs site: {home / 'site'} is not built; run `make demo` or `make docs` first.", file=sys.stderr
        )
        return 3
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(home / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", given.port), handler) as server:
        print(f"docs site: http://127.0.0.1:{given.port}  (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
