"""python -m benchmarks [--only NAMES] [--scales 1,10] [--households N]: every benchmark of the project, in one run."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks import bigquery_stand_in, curation, dbt_build, parity, redshift, stand_in_build
from benchmarks.workspace import Workspace
from sandbox.services import SERVICES

WAREHOUSES = [name for name in ("redshift", "synapse", "bigquery") if name in SERVICES]
NAMES = [
    "curation",
    "dbt_build",
    "parity",
    "bigquery_stand_in",
    "redshift",
    *(f"{name}_build" for name in WAREHOUSES),
]

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure, print a table, and leave the figures in benchmarks' home as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scales", default="1,10", help="household multiples to measure, e.g. 1,10")
    parser.add_argument("--households", type=int, help="a subset of the households, for a quick look")
    parser.add_argument("--only", default=",".join(NAMES), help=f"some of {', '.join(NAMES)}")
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360" / "benchmarks")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    if unknown := set(wanted) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores. Figures of one run on this machine; read the ratios, not the seconds.\n")
    workspaces = [
        Workspace(arguments.home, scale=int(scale), households=arguments.households)
        for scale in arguments.scales.split(",")
    ]
    for name, benchmark in (("dbt_build", dbt_build.run), ("parity", parity.run)):
        if name in wanted:
            benchmark(workspaces, arguments.home / f"{name}.json")
    if "curation" in wanted:
        curation.run(arguments.home, arguments.households or 200)
    if "bigquery_stand_in" in wanted:
        bigquery_stand_in.run(arguments.home)
    if "redshift" in wanted:
        redshift.measure_copy(1_000_000, 3)
    for name in WAREHOUSES:
        if f"{name}_build" in wanted:
            stand_in_build.run(name, arguments.home, arguments.households or 200)


if __name__ == "__main__":
    main()
