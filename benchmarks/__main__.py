"""python -m benchmarks [--only parity] [--scales 1,10] [--households N]: every benchmark of the project, in one run."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmarks import dbt_build, parity
from benchmarks.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure, print a table, and leave the figures in benchmarks' home as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scales", default="1,10", help="household multiples to measure, e.g. 1,10")
    parser.add_argument("--households", type=int, help="a subset of the households, for a quick look")
    parser.add_argument("--only", choices=["dbt_build", "parity"], help="one benchmark instead of all")
    parser.add_argument("--home", type=Path, default=ROOT / ".customer360" / "benchmarks")
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores. Figures of one run on this machine; read the ratios, not the seconds.\n")
    workspaces = [
        Workspace(arguments.home, scale=int(scale), households=arguments.households)
        for scale in arguments.scales.split(",")
    ]
    for name, benchmark in (("dbt_build", dbt_build.run), ("parity", parity.run)):
        if arguments.only in (None, name):
            benchmark(workspaces, arguments.home / f"{name}.json")


if __name__ == "__main__":
    main()
