"""Parity: the same rows everywhere, proven without moving them.

python -m flows.parity [--targets local,bigquery] [--afresh]
python -m flows.parity compare BEFORE.json AFTER.json

Every target tells the fingerprints of its marts; all are held against the first; rows that differ are searched for; the
certificate is written below the home folder and into each warehouse. Exit code 0 only when everything was compared and
equal, 8 otherwise. ``compare`` holds two certificates against each other instead: 0 when both prove the same rows.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from flows.certificate import as_text, earlier_fingerprints, keep, make_certificate
from flows.certificate_comparison import comparison_as_text, read_both
from flows.comparison import DIFFERENT, compare_ledgers, compare_marts
from flows.differences import Difference, find_differences
from flows.errors import Customer360Error, DbtFailed, NotEqual
from flows.fingerprints import Fingerprints, Side, read_fingerprints
from flows.settings import Settings, check_targets
from flows.state import State, only_run
from flows.transform import run_dbt

MARTS_TO_SEARCH = 25


def certify(
    settings: Settings, sides: list[Side], *, afresh: bool = False, in_warehouses: bool = True
) -> dict[str, Any]:
    """Compare all sides with the first and keep the certificate below ``settings.home``; returns it, equal or not.

    ``afresh`` forgets what earlier certificates knew. A side that cannot be asked makes the certificate incomplete.
    """

    def ask(side: Side) -> Fingerprints:
        if State(side.settings, False).is_begun(f"build-{side.target}"):
            return Fingerprints(
                side.name,
                fault=f"target {side.name} is half-built, because its last build did not end well; build it and compare again.",
            )
        earlier = {} if afresh else earlier_fingerprints(settings, side.name)
        try:
            return read_fingerprints(side, earlier)
        except DbtFailed as fault:
            return Fingerprints(side.name, fault=f"target {side.name} could not be asked: {fault}")

    # sides that share a folder for dbt's artifacts are asked one after the other
    folders = {s.settings.target_path(s.target) for s in sides}
    with ThreadPoolExecutor(len(folders) or 1) as pool:
        told = list(pool.map(ask, sides))
    ledgers = compare_ledgers(told)
    expected = sorted(set().union(*(t.marts for t in told)))
    marts = compare_marts(told, expected)
    differences = _search(sides, told, marts)
    certificate = make_certificate(sides, told, ledgers, marts, differences)
    keep(settings, certificate, told)
    if in_warehouses:
        for side, fingerprints in zip(sides, told, strict=True):
            if not fingerprints.fault:
                _keep_in_warehouse(side, certificate)
    return certificate


def _search(sides: list[Side], told: list[Fingerprints], marts: list[dict[str, Any]]) -> list[Difference]:
    """The rows that differ between the first side and each other one, of the first marts that differ."""
    found: list[Difference] = []
    first = sides[0]
    for side in sides[1:]:
        wanted = [
            {"mart": m["mart"], "key": told[0].marts[m["mart"]]["key"], "partitions": m["partitions"]}
            for m in marts
            if m["verdict"] == DIFFERENT
            and (
                m["bound"][side.name] != m["bound"][first.name]
                or any(c["sums"][side.name] != c["sums"][first.name] for c in m["columns"])
            )
        ][:MARTS_TO_SEARCH]
        if wanted:
            found += find_differences(first, side, wanted)
    return found


def _keep_in_warehouse(side: Side, certificate: dict[str, Any]) -> None:
    lines = []
    for mart in certificate["marts"]:
        rows = mart["rows"].get(side.name)
        bound = mart["bound"].get(side.name, [None] * 3)
        lines.append([mart["mart"], "(rows)", rows, rows, bound[1], bound[2], mart["verdict"]])
        lines += [
            [mart["mart"], c["column"], rows, *(c["sums"].get(side.name) or [None] * 3), c["verdict"]]
            for c in mart["columns"]
        ]
    head = {
        "id": certificate["digest"],
        "verdict": certificate["verdict"],
        "git_revision": certificate["git_revision"],
        "manifest": certificate["targets"][side.name]["manifest"],
        "ledger_position": certificate["targets"][side.name]["ledger_position"],
    }
    arguments = json.dumps({"certificate": head, "lines": lines})
    run_dbt(side.settings, side.target, ["run-operation", "keep_certificate", "--args", arguments])


def require_equal(certificate: dict[str, Any]) -> dict[str, Any]:
    """The certificate itself when it says equal; NotEqual with its sentence otherwise."""
    if certificate["verdict"] != "equal":
        raise NotEqual(f"parity: {certificate['sentence']}")
    return certificate


def sides_of(settings: Settings, targets: tuple[str, ...]) -> list[Side]:
    """One side per target of the same settings."""
    return [Side(target, settings, target) for target in targets]


def main() -> int:
    """Command line: 0 for equal, 8 otherwise, else the exit code of the first expected error."""
    parser = argparse.ArgumentParser(prog="python -m flows.parity", description=__doc__.splitlines()[0])
    parser.add_argument("--targets", help="targets to compare with the first of them, separated by commas")
    parser.add_argument("--afresh", action="store_true", help="use nothing of earlier certificates")
    verbs = parser.add_subparsers(dest="verb", metavar="compare")
    compare = verbs.add_parser("compare", help="hold two certificates against each other")
    compare.add_argument("before", type=Path, help="a certificate's file")
    compare.add_argument("after", type=Path, help="a later one")
    given = parser.parse_args()
    try:
        if given.verb == "compare":
            found = read_both(given.before, given.after)
            print(comparison_as_text(found))
            return 0 if found["is_same"] else NotEqual.exit_code
        settings = Settings.from_environment()
        targets = check_targets(given.targets.split(",")) if given.targets else settings.targets
        with only_run(settings.home):
            certificate = certify(settings, sides_of(settings, targets), afresh=given.afresh)
            print(as_text(certificate))
            require_equal(certificate)
    except Customer360Error as fault:
        print(f"\ncustomer-360: {fault}", file=sys.stderr)
        return fault.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
