"""dbt build against the same SQL straight in DuckDB, and one more day against the whole.

What is compared at each scale, on copies of the same loaded DuckDB file:

- ``full``: ``dbt build`` from nothing;
- ``sql``: the statements that this build sent for its nodes, in the same order, by a bare DuckDB client;
- ``day``: ``dbt build`` after one more day of data was loaded into what ``full`` had built.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Measurement, measure
from benchmarks.statements import statements_of
from benchmarks.workspace import LAST_DAY, LAST_DAY_BUT_ONE, ROOT, Workspace

DBT = Path(sys.executable).parent / "dbt"


def build(workspace: Workspace, database: Path, name: str) -> Measurement:
    """One ``dbt build`` of the target local on ``database``, with what dbt remembers of the build before, as for a user."""
    target = workspace.folder / "target"
    (target / "logs" / "dbt.log").unlink(missing_ok=True)
    command = [str(DBT), "build", "--target", "local", "--project-dir", str(ROOT)]
    command += ["--log-level-file", "debug", "--log-format-file", "json", "--log-file-max-bytes", "0"]
    return measure(
        command, environment=workspace.environment(database, target), log=workspace.folder / f"{name}.log"
    )


def measure_scale(workspace: Workspace) -> dict[str, Measurement]:
    """The three measurements of one scale."""
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
    full = build(workspace, built, "full")
    statements = workspace.folder / "statements.json"
    sent = statements_of(workspace.folder / "target" / "logs" / "dbt.log")
    statements.write_text(json.dumps(sent), encoding="utf-8")
    print(f"scale {workspace.scale}: the same {len(sent)} statements straight in DuckDB", flush=True)
    bare = workspace.copy(workspace.loaded, "bare")
    sql = measure(
        [sys.executable, "-m", "benchmarks.replay", str(bare), str(statements)],
        environment=workspace.environment(bare, workspace.folder / "target"),
        log=workspace.folder / "sql.log",
    )
    print(f"scale {workspace.scale}: one more day", flush=True)
    workspace.load(built, LAST_DAY)
    day = build(workspace, built, "day")
    return {"full": full, "sql": sql, "day": day}


def run(workspaces: list[Workspace], figures: Path) -> None:
    """Measure every scale, print the table and write ``figures`` as JSON."""
    results = {workspace.scale: measure_scale(workspace) for workspace in workspaces}
    print(f"\n{'scale':>5} {'dbt build':>16} {'same SQL':>16} {'ratio':>6} {'one more day':>16} {'share':>6}")
    for scale, result in results.items():
        cells = [f"{m.seconds:7.1f} s {m.peak_mib:5.0f} M" for m in result.values()]
        ratio = result["full"].seconds / result["sql"].seconds
        share = result["day"].seconds / result["full"].seconds
        print(f"{scale:>5} {cells[0]:>16} {cells[1]:>16} {ratio:>5.2f}x {cells[2]:>16} {share:>6.0%}")
    scales = sorted(results)
    if len(scales) > 1:
        low, high = scales[0], scales[-1]
        for name, label in (("full", "dbt build"), ("sql", "same SQL")):
            growth = results[high][name].seconds / results[low][name].seconds
            print(f"{label}: {high / low:.0f} times the data costs {growth:.1f} times the time")
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(
        json.dumps({s: {k: asdict(m) for k, m in r.items()} for s, r in results.items()}, indent=2),
        encoding="utf-8",
    )
    print(f"\nFigures: {figures}")
