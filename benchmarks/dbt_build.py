"""dbt build against the same SQL straight in DuckDB, and one more day against the whole.

What is compared at each scale, on copies of the same loaded DuckDB file:

- ``full``: ``dbt build`` from nothing;
- ``sql``: the statements that this build sent for its nodes, in the same order, by a bare DuckDB client;
- ``day``: ``dbt build`` after one more day of data was loaded into what ``full`` had built;
- ``day_sql``: the statements of that build by the bare client.

The second pair tells how much of a day is work that grows with the data, and how much is dbt's own time per node.
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
    """The four measurements of one scale."""
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
    sql = replay(workspace, workspace.copy(workspace.loaded, "bare"), "sql")
    print(f"scale {workspace.scale}: one more day", flush=True)
    workspace.load(built, LAST_DAY)
    bare = workspace.copy(built, "bare")
    day = build(workspace, built, "day")
    return {"full": full, "sql": sql, "day": day, "day_sql": replay(workspace, bare, "day_sql")}


def replay(workspace: Workspace, database: Path, name: str) -> Measurement:
    """What the last build sent for its nodes, by a bare client on ``database``."""
    statements = workspace.folder / f"{name}.json"
    sent = statements_of(workspace.folder / "target" / "logs" / "dbt.log")
    statements.write_text(json.dumps(sent), encoding="utf-8")
    print(f"scale {workspace.scale}: the same {len(sent)} statements straight in DuckDB", flush=True)
    return measure(
        [sys.executable, "-m", "benchmarks.replay", str(database), str(statements)],
        environment=workspace.environment(database, workspace.folder / "target"),
        log=workspace.folder / f"{name}.log",
    )


def run(workspaces: list[Workspace], figures: Path) -> None:
    """Measure every scale, print the table and write ``figures`` as JSON."""
    results = {workspace.scale: measure_scale(workspace) for workspace in workspaces}
    head = f"{'dbt build':>16} {'same SQL':>16} {'ratio':>6}"
    print(f"\n{'':>5} {'full build':^40}   {'one more day':^56}")
    print(f"{'scale':>5} {head}   {head} {'share':>7} {'of SQL':>7}")
    for scale, result in results.items():
        cells = {name: f"{m.seconds:7.1f} s {m.peak_mib:5.0f} M" for name, m in result.items()}
        line = [f"{scale:>5}"]
        for with_dbt, bare, gap in (("full", "sql", ""), ("day", "day_sql", "  ")):
            ratio = result[with_dbt].seconds / result[bare].seconds
            line.append(f"{gap}{cells[with_dbt]:>16} {cells[bare]:>16} {ratio:>5.2f}x")
        line += [
            f"{result[a].seconds / result[b].seconds:>7.0%}" for a, b in (("day", "full"), ("day_sql", "sql"))
        ]
        print(" ".join(line))
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
