"""python -m benchmarks.identity [--edges 1000000,10000000]: our connected components against their peers, in one run.

For each shape and size the same table of edges, with keys as the models have them, goes to every contestant in a process
of its own: ours as dbt runs it on DuckDB, scipy in memory, Splink's clustering, DuckDB's recursive CTE. Every partition
is compared with ours. Then new edges join a base that was built before: given as changes, and found by comparing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks.identity_graphs import SHAPES, write_graph, write_more
from benchmarks.identity_project import Project
from benchmarks.measure import OverLimit, measure

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("scipy", "splink", "recursive")


@dataclass(frozen=True)
class Result:
    """One contestant on one graph: ``seconds`` from table to table, ``process`` with the start of Python or dbt, of which ``cpu`` on a
    core, peak MiB."""

    contestant: str
    seconds: float
    process: float
    cpu: float
    peak_mib: float
    note: str


def ours(graph: Path, folder: Path) -> tuple[Result, Path]:
    """The materialization; also the file with its result."""
    database = folder / "ours" / "graph.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(graph, database)
    built = Project(folder / "project", database).build("components")
    return Result(
        "ours (dbt)",
        built.seconds,
        built.process.seconds,
        built.process.cpu,
        built.process.peak_mib,
        built.said,
    ), database


def peer(name: str, graph: Path, folder: Path, judge: Path, limit: float) -> Result:
    """One peer, and whether its partition equals ours."""
    database = folder / name / "graph.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(graph, database)
    log = folder / f"{name}.log"
    try:
        process = measure(
            [sys.executable, "-m", "benchmarks.identity_contestants", name, str(database)],
            environment=dict(os.environ),
            log=log,
            limit=limit,
        )
    except OverLimit:
        database.unlink()
        return Result(name, limit, limit, 0.0, 0.0, f"stopped after {limit:.0f} s")
    said = log.read_text(encoding="utf-8")
    note = "equal" if same_partition(database, judge) else "DIFFERENT PARTITION"
    if inner := re.search(r"^inner ([\d.]+)", said, re.MULTILINE):
        note += f"; the call alone {inner[1]} s"
    database.unlink()
    seconds = float(re.findall(r"^seconds ([\d.]+)", said, re.MULTILINE)[-1])
    return Result(name, seconds, process.seconds, process.cpu, process.peak_mib, note)


def same_partition(theirs: Path, judge: Path) -> bool:
    """Whether both say the same nodes, and pair components one to one."""
    with duckdb.connect(str(judge), read_only=True) as connection:
        connection.execute(f"attach '{theirs}' as theirs (read_only)")
        ((nodes, other, both, pairs, left, right),) = connection.execute(
            """
            with both_say as (
                select o.component_node_key as a, t.component as b from result.components as o join theirs.result.components as t using (node_key)
            ), pair as (select distinct a, b from both_say)
            select (select count(*) from result.components), (select count(*) from theirs.result.components), (select count(*) from both_say),
                (select count(*) from pair), (select count(distinct a) from pair), (select count(distinct b) from pair)
            """
        ).fetchall()
    return bool(nodes == other == both and pairs == left == right)


def compare(home: Path, shape: str, edges: int, peers: list[str], limit: float) -> list[Result]:
    """Every contestant on one graph, printed as they end."""
    folder = home / f"{shape}-{edges}"
    write_graph(folder / "graph.duckdb", shape, edges)
    first, judge = ours(folder / "graph.duckdb", folder)
    print(
        f"\n{shape}, {edges:,} edges\n  {'':<12}{'seconds':>9}{'of ours':>9}{'process':>10}{'cpu':>10}{'peak':>10}",
        flush=True,
    )
    results = [first]
    show(first, first)
    for name in peers:
        results.append(peer(name, folder / "graph.duckdb", folder, judge, limit))
        show(results[-1], first)
    judge.unlink()
    return results


def show(result: Result, first: Result) -> None:
    print(
        f"  {result.contestant:<12}{result.seconds:>7.2f} s{result.seconds / first.seconds:>8.2f}x{result.process:>8.1f} s{result.cpu:>8.1f} s{result.peak_mib:>6.0f} MiB  {result.note}",
        flush=True,
    )


def grow(home: Path, edges: int, numbers: list[int]) -> dict[str, float]:
    """New edges on a realistic base: seconds of the model, each checked against a recompute of everything."""
    folder = home / f"realistic-{edges}"
    write_graph(folder / "graph.duckdb", "realistic", edges)
    database = folder / "growing" / "graph.duckdb"
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "graph.duckdb", database)
    write_more(database, edges, 0)
    project = Project(folder / "project", database)
    figures = {f"full, {model}": project.build(model).seconds for model in ("given", "compared")}
    base = folder / "growing" / "base.duckdb"
    database.rename(base)
    print(
        f"\nnew edges on a base of {edges:,} (built in {figures['full, given']:.2f} s)\n  {'new edges':>10}{'told':>10}{'compared':>10}"
    )
    for number in numbers:
        shutil.copyfile(base, database)
        write_more(database, edges, number)
        told, compared = project.build("given"), project.build("compared")
        with duckdb.connect(str(database), read_only=True) as connection:
            wrong = connection.execute(
                "select count(*) from ((from result.given except from result.compared) union all (from result.compared except from result.given))"
            ).fetchall()[0][0]
        with duckdb.connect(str(database)) as connection:
            connection.execute("insert into given.edges from given.more")
        full = project.build("components")
        with duckdb.connect(str(database), read_only=True) as connection:
            wrong += connection.execute(
                "select count(*) from ((from result.given except from result.components) union all (from result.components except from result.given))"
            ).fetchall()[0][0]
        figures |= {f"{number}, told": told.seconds, f"{number}, compared": compared.seconds}
        figures[f"{number}, recomputed"] = full.seconds
        print(
            f"  {number:>10,}{told.seconds:>8.2f} s{compared.seconds:>8.2f} s  {'equal to a full recompute' if not wrong else f'{wrong} ROWS DIFFER'} ({full.seconds:.2f} s); {told.said}",
            flush=True,
        )
    return figures


def main() -> None:
    """Measure, print, and leave the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument(
        "--edges", default="1000000", help="sizes, separated by commas; 10000000 takes minutes each"
    )
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--new", default="1000,100000,1000000", help="numbers of new edges")
    parser.add_argument("--limit", type=float, default=240, help="seconds after which a peer is stopped")
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360" / "benchmarks" / "identity")
    given = parser.parse_args()
    peers = [name for name in given.peers.split(",") if name]
    sizes = [int(size) for size in given.edges.split(",")]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores. Figures of one run on this machine; read the ratios, not the seconds.")
    figures: dict[str, object] = {}
    seconds: dict[tuple[str, int], float] = {}
    for shape in given.shapes.split(","):
        for edges in sizes:
            results = compare(given.home, shape, edges, peers, given.limit)
            seconds[shape, edges] = results[0].seconds
            figures[f"{shape}-{edges}"] = [asdict(result) for result in results]
        if len(sizes) > 1:
            growth = seconds[shape, sizes[-1]] / seconds[shape, sizes[0]]
            print(f"  {sizes[-1] / sizes[0]:.0f} times the edges cost {growth:.1f} times the time")
    numbers = [int(number) for number in given.new.split(",") if number]
    if numbers:
        figures["new edges"] = grow(given.home, sizes[-1], numbers)
    (given.home / "identity.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    print(f"\nFigures: {given.home / 'identity.json'}")


if __name__ == "__main__":
    main()
