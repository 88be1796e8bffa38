"""Differences: from a mart that is not equal to the rows and cells that are not, in a handful of queries.

The hex digits of the MD5 of a row's key cut a mart into 256 ranges; only ranges whose fingerprints differ are cut again,
until a range holds few enough rows to be read. So one flipped cell in a million rows costs three questions and some
dozens of rows, and what is read grows with the logarithm of the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from flows.fingerprints import Side
from flows.transform import run_dbt

DIGITS_PER_ROUND = 2
ROWS_TO_READ = 64
RANGES_TO_FOLLOW = 8
ROWS_TO_SHOW = 20
Row = dict[str, str | None]


@dataclass
class Difference:
    """What differs between two sides in one mart.

    ``rows``: each with key, kind (``only on`` a side, ``differs`` or ``repeated``), both rows as text (None where NULL)
    and the names of the cells that differ. ``more``: True when not all differing ranges were followed.
    ``read``: fingerprints and rows that were read back, on both sides; ``questions``: queries on both sides.
    """

    mart: str
    sides: tuple[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False
    read: int = 0
    questions: int = 0


@dataclass
class _Search:
    difference: Difference
    partitions: list[str]
    key: list[str]
    prefixes: list[str] = field(default_factory=list)
    digits: int = DIGITS_PER_ROUND
    small: list[str] = field(default_factory=list)
    is_open: bool = True

    def ask(self) -> dict[str, Any]:
        return {"mart": self.difference.mart, "digits": self.digits, "prefixes": self.prefixes, "partitions": self.partitions}  # fmt: skip


def find_differences(left: Side, right: Side, marts: list[dict[str, Any]]) -> list[Difference]:
    """The differing rows of every mart in ``marts``, each {mart, key, partitions}; all marts share each round of questions.

    Raises DbtFailed.
    """
    searches = [
        _Search(Difference(m["mart"], (left.name, right.name)), m["partitions"], m["key"]) for m in marts
    ]
    while open_ones := [s for s in searches if s.is_open]:
        asks = [s.ask() for s in open_ones]
        here, there = _both(left, right, "fingerprint_ranges", asks, "ranges")
        for search in open_ones:
            _narrow(search, here[search.difference.mart], there[search.difference.mart])
    # ranges may have been closed in different rounds; the macro takes prefixes of one length
    for length in sorted({len(prefix) for s in searches for prefix in s.small}):
        batch = [s for s in searches if any(len(prefix) == length for prefix in s.small)]
        asks = [s.ask() | {"prefixes": [p for p in s.small if len(p) == length]} for s in batch]
        here, there = _both(left, right, "show_rows", asks, "rows")
        for search in batch:
            _show(search, here[search.difference.mart], there[search.difference.mart])
    return [s.difference for s in searches]


def _both(
    left: Side, right: Side, operation: str, asks: list[dict[str, Any]], told: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    arguments = ["run-operation", operation, "--args", json.dumps({"asks": asks})]
    work: Callable[[Side], dict[str, Any]] = lambda side: run_dbt(  # noqa: E731
        side.settings, side.target, arguments
    ).told[told]
    if left.settings.target_path(left.target) == right.settings.target_path(right.target):
        return work(left), work(right)
    with ThreadPoolExecutor(2) as pool:
        here, there = pool.map(work, (left, right))
    return here, there


def _narrow(search: _Search, here: dict[str, Any], there: dict[str, Any]) -> None:
    """Keep the ranges that differ: those to be read, and those to be cut again."""
    difference = search.difference
    difference.questions += 2
    difference.read += len(here) + len(there)
    differing = sorted(r for r in here.keys() | there.keys() if here.get(r) != there.get(r))
    rows = {r: max(here.get(r, [0])[0], there.get(r, [0])[0]) for r in differing}
    difference.more |= len(differing) > RANGES_TO_FOLLOW
    followed = differing[:RANGES_TO_FOLLOW]
    is_last = search.digits + DIGITS_PER_ROUND > 32
    search.small += [r for r in followed if rows[r] <= ROWS_TO_READ or is_last]
    search.prefixes = [r for r in followed if rows[r] > ROWS_TO_READ and not is_last]
    search.digits += DIGITS_PER_ROUND
    search.is_open = bool(search.prefixes)


def _show(search: _Search, here: dict[str, list[Row]], there: dict[str, list[Row]]) -> None:
    """Set rows of one key side by side."""
    difference = search.difference
    difference.questions += 2
    difference.read += sum(map(len, here.values())) + sum(map(len, there.values()))
    for key_hash in sorted(here.keys() | there.keys()):
        left, right = (sorted(found.get(key_hash, []), key=str) for found in (here, there))
        if left == right:
            continue
        if len(difference.rows) == ROWS_TO_SHOW:
            difference.more = True
            return
        first, second = (_plain(rows[0]) if rows else None for rows in (left, right))
        kind = "differs"
        if len(left) != len(right):
            kind = "repeated" if left and right else f"only on {difference.sides[0 if left else 1]}"
        cells = [c for c in first if first[c] != second[c]] if first and second else []
        shown = first or second or {}
        difference.rows.append(
            {
                "key": {column: shown[column] for column in search.key},
                "kind": kind,
                "cells": cells,
                "rows": [first, second],
                "counts": [len(left), len(right)],
            }
        )


def _plain(row: Row) -> Row:
    """Without the letter that tells '' from NULL on the way."""
    return {column: value[1:] if value is not None else None for column, value in row.items()}
