"""Comparison: what the fingerprints of several warehouses say together. Equal only when everything was compared."""

from __future__ import annotations

from typing import Any

from flows.fingerprints import Fingerprints

EQUAL, DIFFERENT, INCOMPLETE = "equal", "different", "incomplete"


def compare_ledgers(sides: list[Fingerprints]) -> dict[str, Any]:
    """Where the load ledgers stand: verdict, sentence, the newest batch of each side, and the last batch up to which
    all hold the same files (``common_position``)."""
    ledgers = {s.side: s.ledger.get("batches") for s in sides if not s.fault}
    for side in sides:
        if not side.fault and ledgers[side.side] is None:
            return {
                "verdict": INCOMPLETE,
                "positions": {},
                "common_position": 0,
                "sentence": f"target {side.side}: schema {side.ledger['schema']} holds no load ledger of this project, so it is somebody else's or was never loaded; load it with the pipeline or set CUSTOMER_360_SCHEMA.",
            }
    batches = {name: {int(n): b for n, b in (found or {}).items()} for name, found in ledgers.items()}
    positions = {name: max(found, default=0) for name, found in batches.items()}
    common = 0
    for number in range(1, max(positions.values(), default=0) + 1):
        if any(b.get(number) != next(iter(batches.values())).get(number) for b in batches.values()):
            break
        common = number
    verdict, sentence = EQUAL, ""
    if any(position != common for position in positions.values()):
        verdict = DIFFERENT
        stands = ", ".join(f"{name} at batch {position}" for name, position in positions.items())
        sentence = f"the load ledgers stand at different positions ({stands}); they hold the same files up to batch {common}, so later rows cannot be equal: load every target and build again."
    return {
        "verdict": verdict,
        "positions": positions,
        "common_position": common,
        "sentence": sentence,
    }


def compare_marts(sides: list[Fingerprints], expected: list[str]) -> list[dict[str, Any]]:
    """One entry per expected mart; every side is held against the first.

    Entry: mart, verdict, sentence, rows by side, and per column verdict and sums by side; ``bound`` tells whether the
    values stand in the same rows; ``partitions`` are those that differ.
    """
    return [_compare_mart(sides, mart) for mart in expected]


def _compare_mart(sides: list[Fingerprints], mart: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"mart": mart, "rows": {}, "columns": [], "bound": {}, "partitions": []}
    faults = [fault for side in sides if (fault := _unreadable(side, mart))]
    readable = [side for side in sides if not _unreadable(side, mart)]
    for side in readable:
        entry["rows"][side.side], entry["bound"][side.side] = side.rows(mart)[0], side.rows(mart)
    if readable:
        sums = {side.side: side.columns(mart) for side in readable}
        for column in readable[0].marts[mart]["types"]:
            by_side = {name: found.get(column) for name, found in sums.items()}
            verdict = EQUAL if _all_same(by_side.values()) else DIFFERENT
            entry["columns"].append({"column": column, "verdict": verdict, "sums": by_side})
        entry["partitions"] = _partitions_that_differ(readable, mart)
    is_equal = (
        all(c["verdict"] == EQUAL for c in entry["columns"])
        and _all_same(entry["bound"].values())
        and not entry["partitions"]
    )
    if faults:
        entry |= {"verdict": INCOMPLETE, "sentence": " ".join(faults)}
    elif is_equal:
        entry |= {"verdict": EQUAL, "sentence": ""}
    else:
        entry |= {"verdict": DIFFERENT, "sentence": _difference_in_words(entry)}
    return entry


def _unreadable(side: Fingerprints, mart: str) -> str:
    """Why the mart of one side cannot be compared, as a sentence; '' when it can."""
    told = side.marts.get(mart)
    if side.fault:
        return f"target {side.side} could not be asked."
    if told is None or told.get("absent"):
        return f"target {side.side} has no {mart}, so it is half-built; build it and compare again."
    if told.get("missing") or told.get("unknown"):
        lacks = f"lacks column {', '.join(told['missing'])}" if told["missing"] else ""
        has = (
            f"has column {', '.join(told['unknown'])} that its contract does not know"
            if told["unknown"]
            else ""
        )
        return f"{mart} on target {side.side} {' and '.join(filter(None, (lacks, has)))}; build it from this revision or set CUSTOMER_360_SCHEMA to a schema of yours."  # fmt: skip
    return ""


def _partitions_that_differ(sides: list[Fingerprints], mart: str) -> list[str]:
    found = [side.marts[mart]["partitions"] for side in sides]
    names = sorted(set().union(*found))
    return [n for n in names if not _all_same([_content(part.get(n)) for part in found])]


def _content(partition: dict[str, Any] | None) -> Any:
    return partition and {key: partition[key] for key in ("rows", "row", "numbers", "texts")}


def _difference_in_words(entry: dict[str, Any]) -> str:
    rows = entry["rows"]
    if not _all_same(rows.values()):
        counts = ", ".join(f"{count:,} on {name}" for name, count in rows.items())
        return f"{entry['mart']} has not the same number of rows: {counts}."
    columns = [c["column"] for c in entry["columns"] if c["verdict"] != EQUAL]
    if not columns:
        return f"{entry['mart']} has the same values in every column, but in other rows."
    return f"{entry['mart']} differs in {', '.join(columns)}."


def _all_same(values: Any) -> bool:
    listed = list(values)
    return all(value == listed[0] for value in listed)
