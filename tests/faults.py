"""The faults that a load across clouds must survive with nothing lost and nothing doubled, and what tests say of them.

A test that injects one is marked @pytest.mark.fault(number). The run ends with how many were survived: a fault is when
every test of it in this run passed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FAULTS = {
    1: "killed before and after the staging write, after the merge, before the ledger",
    2: "the ledger write fails after the data is in",
    3: "the same batch again, and again",
    4: "two runs of one load at once",
    5: "staging left by a dead run",
    6: "a file twice, or the same name with new content",
    7: "a truncated, empty or corrupt file",
    8: "a part of a manifest is missing, an object is listed late",
    9: "429, 503, time-outs, broken multipart upload, a token that expires in mid-copy",
    10: "ambiguous commit: the server succeeded, the client did not hear of it",
    11: "changes out of order, late and repeated; delete then reinsert; a changed key",
    12: "schema drift",
    13: "values at the limits of their types",
    14: "poison rows: quarantined with reason and count, above a threshold the batch stops",
    15: "a mismatch of counts or checksums blocks publication",
    16: "equal counts, different values",
    17: "equal timestamps at the boundary, clock skew",
    18: "one warehouse down: the others publish",
    19: "dbt fails in mid-DAG: the retry runs only what failed",
    20: "Redshift's serializable conflict, Synapse paused, BigQuery's quota",
    21: "full refresh equals incremental",
    22: "worker or server restarted",
    23: "disk full; no secret in any log",
    24: "a backfill that overlaps the live load",
}
MARK = "fault"


def note(items: list[pytest.Item]) -> None:
    """Let the reports of marked tests carry their faults, also from the workers of a run side by side."""
    for item in items:
        for mark in item.iter_markers(MARK):
            (number,) = mark.args
            assert number in FAULTS, f"{item.nodeid}: there is no fault {number}"
            item.user_properties.append((MARK, number))


def injected(root: Path) -> set[int]:
    """Faults that any test is marked with, run or not."""
    texts = (p.read_text(encoding="utf-8") for p in root.rglob("test_*.py"))
    return {int(n) for text in texts for n in re.findall(r"mark\.fault\((\d+)\)", text)}


def told(outcomes: list[tuple[int, bool]], known: set[int]) -> list[str]:
    """Lines for the end of a run, from (fault, passed) of its tests; none when no fault was injected in it."""
    ran = {number for number, _ in outcomes}
    if not ran:
        return []
    broken = {number for number, passed in outcomes if not passed}
    lines = [f"faults survived: {len(ran - broken)} of {len(FAULTS)}"]
    if known - ran:
        lines.append(f"  not in this run: {', '.join(map(str, sorted(known - ran)))}")
    for words, numbers in (("not survived", broken), ("not injected", set(FAULTS) - known - ran)):
        lines += [f"  {words}: {number}. {FAULTS[number]}" for number in sorted(numbers)]
    return lines
