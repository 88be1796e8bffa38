"""What the proof of equal rows costs: fingerprints against the build, and reads for one flipped cell in the largest fact.

- ``build``: ``dbt build`` from nothing on a loaded DuckDB file, the peer;
- ``first``: fingerprints of every mart and column of what was built;
- ``again``: the same when an earlier certificate knows every partition;
- ``search``: from one changed cell of fct_order_line to that cell, side by side with the unchanged copy.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.dbt_build import build
from benchmarks.workspace import LAST_DAY_BUT_ONE, Workspace
from flows.comparison import compare_marts
from flows.differences import find_differences
from flows.fingerprints import Fingerprints, Side, read_fingerprints
from flows.settings import Settings

LARGEST = "fct_order_line"
FLIP = (
    "update customer_360_core.fct_order_line set sales_amount = sales_amount + 0.01"
    " where order_line_id = (select max(order_line_id) from customer_360_core.fct_order_line)"
)


def side(workspace: Workspace, name: str, database: Path) -> Side:
    """A side with a folder of its own for dbt's artifacts, so that both can be asked at once."""
    home = workspace.folder / "parity" / name
    shutil.copytree(workspace.folder / "target", home / "target" / "local", dirs_exist_ok=True)
    environment = {"CUSTOMER_360_HOME": str(home), "CUSTOMER_360_DUCKDB_PATH": str(database)}
    return Side(name, Settings.from_environment(environment), "local")


def measure_scale(workspace: Workspace) -> dict[str, Any]:
    """The figures of one scale: seconds, rows, fingerprints and rows read, questions asked."""
    if not workspace.loaded.exists():
        print(
            f"scale {workspace.scale}: writing and loading the company up to {LAST_DAY_BUT_ONE}", flush=True
        )
        loading = workspace.folder / "loading.duckdb"
        workspace.load(loading, LAST_DAY_BUT_ONE)
        loading.rename(workspace.loaded)
    print(f"scale {workspace.scale}: dbt build", flush=True)
    built = workspace.copy(workspace.loaded, "built")
    shutil.rmtree(workspace.folder / "target", ignore_errors=True)
    seconds = build(workspace, built, "full").seconds
    left = side(workspace, "left", built)
    read_fingerprints(left, {}, ["dim_date"])  # dbt has read the project by then, as after a build
    print(f"scale {workspace.scale}: fingerprints, twice, and one flipped cell", flush=True)
    first = read_fingerprints(left, {})
    again = read_fingerprints(left, first.marts)
    flipped = workspace.copy(built, "flipped")
    with duckdb.connect(str(flipped)) as connection:
        connection.execute(FLIP)
    right = side(workspace, "right", flipped)
    told = read_fingerprints(right, {}, [LARGEST])
    mart = compare_marts([Fingerprints("left", marts=first.marts), told], [LARGEST])[0]
    began = time.perf_counter()
    [found] = find_differences(left, right, [{"mart": LARGEST, "key": first.marts[LARGEST]["key"], "partitions": mart["partitions"]}])  # fmt: skip
    searched = time.perf_counter() - began
    if [row["cells"] for row in found.rows] != [["sales_amount"]]:
        sys.exit(f"bench: the flipped cell was not found; the search gave {found.rows}.")
    return {
        "build": seconds,
        "first": first.seconds,
        "again": again.seconds,
        "search": searched,
        "rows": mart["rows"]["left"],
        "partitions": len(mart["partitions"]),
        "questions": found.questions,
        "read": found.read,
    }


def run(workspaces: list[Workspace], figures: Path) -> None:
    """Measure every scale, print the table and write ``figures`` as JSON."""
    results = {workspace.scale: measure_scale(workspace) for workspace in workspaces}
    print(f"\n{'scale':>5} {'dbt build':>11} {'fingerprints':>13} {'share':>6} {'again':>9} {'share':>6}")
    for scale, r in results.items():
        print(
            f"{scale:>5} {r['build']:>9.1f} s {r['first']:>11.1f} s {r['first'] / r['build']:>6.0%} {r['again']:>7.1f} s {r['again'] / r['build']:>6.0%}"
        )
    for scale, r in results.items():
        print(
            f"scale {scale}: one flipped cell in {r['rows']:,} rows: {r['questions']} questions and {r['read']:,} fingerprints and rows read, both sides together, in {r['search']:.1f} s"
        )
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(json.dumps(results, indent=2), encoding="utf-8")
    print(f"\nFigures: {figures}")
