"""Fingerprints: what each warehouse says of its own marts; the rows stay where they are."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flows.settings import Settings
from flows.transform import run_dbt

Sums = list[int]  # of a column: number of values and two sums; of a table: number of rows and two sums
Partition = dict[str, Any]  # as macro fingerprint_marts tells it: rows, stamp, row, numbers, texts


@dataclass(frozen=True)
class Side:
    """One warehouse of a comparison: ``name`` for people, and settings and target with which dbt reaches it."""

    name: str
    settings: Settings
    target: str


@dataclass
class Fingerprints:
    """What one side told. ``fault`` is the sentence when it could not be asked; then the rest is empty.

    ``ledger``: schema, and batches by number, None where there is no ledger. ``marts``: by name, as the macro
    fingerprint_marts tells them. ``reused``: partitions whose text columns were known from an earlier certificate.
    """

    side: str
    seconds: float = 0.0
    fault: str = ""
    ledger: dict[str, Any] = field(default_factory=dict)
    marts: dict[str, dict[str, Any]] = field(default_factory=dict)
    reused: int = 0

    def columns(self, mart: str) -> dict[str, Sums]:
        """Sums per column over all partitions of a mart that could be read."""
        found: dict[str, Sums] = {}
        entry = self.marts[mart]
        for column, kind in entry["types"].items():
            group = "texts" if kind.startswith("text") else "numbers"
            parts = [partition[group][column] for partition in entry["partitions"].values()]
            found[column] = [sum(part[i] for part in parts) for i in range(3)]
        return found

    def rows(self, mart: str) -> Sums:
        """Number of rows of a mart, and the two sums over the hash of each row's key and texts."""
        parts = self.marts[mart]["partitions"].values()
        return [sum(p["rows"] for p in parts), *(sum(p["row"][i] for p in parts) for i in (0, 1))]


def read_fingerprints(side: Side, earlier: dict[str, Any], marts: list[str] | None = None) -> Fingerprints:
    """Ask one side for its ledger and the fingerprints of ``marts`` (None: all), in one dbt process.

    ``earlier`` is ``Fingerprints.marts`` of the last certificate of this side: partitions that have not changed since
    are recognised by the sums over keys and numbers, and their text columns are taken from it. Raises DbtFailed.
    """
    known = {
        name: {part: entry["stamp"] for part, entry in mart["partitions"].items() if "texts" in entry}
        for name, mart in earlier.items()
        if "partitions" in mart
    }
    arguments = json.dumps({"marts": marts, "known": known})
    run = run_dbt(side.settings, side.target, ["run-operation", "fingerprint_marts", "--args", arguments])
    found = Fingerprints(side.name, run.seconds, ledger=run.told["ledger"])
    for what, told in run.told.items():
        if what.startswith("fingerprint "):
            found.marts[told["mart"]] = told
            for part, entry in told.get("partitions", {}).items():
                if "texts" not in entry:
                    entry["texts"] = earlier[told["mart"]]["partitions"][part]["texts"]
                    found.reused += 1
    return found
