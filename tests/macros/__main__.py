"""python -m tests.macros [--home FOLDER] [--target TARGET]: run the vectors and print the matrix macro x engine x passed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.macros import matrix
from tests.macros.engines.known import all_engines
from tests.macros.engines.through_dbt import ThroughDbt
from tests.macros.rendering import ROOT, TARGETS, RenderingFailed


def main() -> int:
    """Exit code 0 when all that ran passed, 1 when a vector failed or a call did not compile, 2 when the target is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.macros", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360", help="where the matrix is kept")
    parser.add_argument("--target", choices=TARGETS, help="one warehouse only, through dbt")
    given = parser.parse_args()
    home = given.home.absolute()
    engines = [ThroughDbt(given.target)] if given.target else all_engines(home)
    if given.target and (absence := engines[0].absence()):
        print(f"{engines[0].name}: absent. {absence}", file=sys.stderr)
        return 2
    try:
        found = matrix.run(engines)
    except RenderingFailed as fault:
        print(fault, file=sys.stderr)
        return 1
    print(matrix.as_text(found, engines))
    file = home / (f"macros-{given.target}.json" if given.target else "macros.json")
    matrix.keep(found, engines, file)
    print(f"The matrix is kept in {file}.")
    return 1 if any(found.failures(name) for name in found.verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
