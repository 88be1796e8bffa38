"""python -m benchmarks.identity_quality [--home .customer360]: how good identity resolution is, on every truth at hand.

Prints precision, recall and F1 of pairs and of whole persons, and what each rule joined and refused, rightly and
wrongly: for the simulated company's last build, and for FEBRL's labelled records through our own rules.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.identity_febrl import DATASETS, judge
from flows.identity_quality import measure
from flows.summary import quality_lines


def main() -> None:
    """Measure and print; a truth that is not there is named and left out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity_quality", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".customer360"))
    parser.add_argument("--datasets", default=",".join(DATASETS), help="FEBRL's, separated by commas")
    given = parser.parse_args()
    analytics, truth = given.home / "lake" / "analytics", given.home / "company" / "truth"
    models = ("identity_map", "int_identity__edges", "int_identity__edges_rejected")
    files = [analytics / f"{model}.parquet" for model in models]
    if all(path.exists() for path in files) and (truth / "identifiers.parquet").exists():
        quality = measure(files[0], files[1], files[2], truth)
        print("\n".join(quality_lines("Simulated company", quality)))
    else:
        print(
            f"Simulated company: {given.home} holds no build with its truth; run `make demo` first to have it judged."
        )
    for dataset in given.datasets.split(","):
        folder = given.home / "identity-quality" / dataset
        quality, waiting = judge(folder, dataset)
        print("\n" + "\n".join(quality_lines(f"FEBRL {dataset[-1]}", quality)))
        print(f"  pairs that wait for review: {waiting:,}")


if __name__ == "__main__":
    main()
