"""The expressions and queries of oracle/, what each engine makes of them, and which rewrites each one needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.bigquery.analyzer.runtime import AnalyzerError
from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import Failure
from sandbox.bigquery.translate import aggregates, casts, comparison, expressions, scans, windows
from sandbox.bigquery.translate.registry import SCALAR
from tests.sandbox.bigquery.conftest import Oracle, StandIn

FOLDER = Path(__file__).parent / "oracle"


def lines(name: str) -> list[str]:
    """The lines of a file of oracle/ that are no comment."""
    told = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line for line in told if line and not line.startswith("--")]


EXPRESSIONS = lines("expressions.txt")
COLUMNS = lines("columns.txt")
PRELUDE, *_QUERIES = (FOLDER / "queries.sql").read_text(encoding="utf-8").split(";\n")
QUERIES = [q.strip() for q in _QUERIES if q.strip()]

WINDOW_FUNCTIONS = sorted(
    {*windows.NUMBERING, *windows.VALUES, *windows.SHIFTS, *windows.WINDOWED, "ntile", "percentile_cont", "percentile_disc"}
)  # fmt: skip
# What the evaluator cannot be asked: its value changes, it lacks the function, or it knows no tables and variables.
# test_beyond_the_oracle.py asks these.
BEYOND = {
    "function current_date", "function current_datetime", "function current_time", "function current_timestamp",
    "function generate_uuid", "function rand", "function session_user", "aggregate approx_count_distinct", "aggregate approx_quantiles",
    "expression Constant", "expression DMLDefault", "expression Parameter", "expression SystemVariable",
    "scan TableScan", "scan SampleScan",
}  # fmt: skip
REWRITES = [
    *(f"function {name}" for name in sorted({*SCALAR, *comparison.COMPARISONS})),
    *(f"aggregate {name}" for name in sorted(aggregates.AGGREGATES)),
    *(f"window {name}" for name in WINDOW_FUNCTIONS),
    *(f"cast {source} to {target}" for source, target in sorted(casts.CASTS)),
    *(f"expression {kind}" for kind in sorted(expressions.WRITERS)),
    *(f"scan {kind}" for kind in sorted(scans.WRITERS)),
]


@dataclass
class Comparison:
    """One text: types and rows of the evaluator and of the stand-in, and the rewrites that the latter used."""

    text: str
    expected: Any
    got: Any
    rewrites: frozenset[str]


@dataclass
class Record:
    """The rewrites used since it was last emptied."""

    used: set[str] = field(default_factory=set)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Note every rewrite of the translation where it is looked up."""
        note = self.used.add

        class Noting(dict[Any, Any]):
            """A registry that notes which of its entries are asked for."""

            family = ""

            def get(self, key: Any, default: Any = None) -> Any:
                if key in self:
                    note(f"{self.family} {' to '.join(key) if isinstance(key, tuple) else key}")
                return super().get(key, default)

        for module, name, family in (
            (expressions, "SCALAR", "function"), (aggregates, "AGGREGATES", "aggregate"), (casts, "CASTS", "cast"),
            (expressions, "WRITERS", "expression"), (scans, "WRITERS", "scan"),
        ):  # fmt: skip
            noting = Noting(getattr(module, name))
            noting.family = family
            patch.setattr(module, name, noting)
        compare, call = comparison.write, windows._call

        def compared(name: str, *rest: Any) -> str:
            note(f"function {name}")
            return compare(name, *rest)

        def windowed(t: Any, group: Node, node: Node) -> str:
            note(f"window {node.function.name.removeprefix('ZetaSQL:').lower()}")
            return call(t, group, node)

        patch.setattr(comparison, "write", compared)
        patch.setattr(windows, "_call", windowed)


def comparable(types: list[str], rows: list[list[Any]], ordered: bool) -> list[str]:
    """NaN equals NaN, BigQuery gives an empty array for a NULL one, and the order counts only where the query asks for one."""
    told = [
        repr([[] if v is None and t.startswith("ARRAY") else v for v, t in zip(row, types, strict=True)])
        for row in rows
    ]
    return told if ordered else sorted(told)


def both(stand_in: StandIn, oracle: Oracle, sql: str, ordered: bool = True) -> tuple[Any, Any]:
    """What each says; an error is the word 'error', whatever its text."""
    expected: Any
    got: Any
    try:
        types, rows = oracle.rows(sql)
        expected = (types, comparable(types, rows, ordered))
    except AnalyzerError:
        expected = "error"
    try:
        types = stand_in.types(sql)
        got = (types, comparable(types, stand_in.rows(sql), ordered))
    except Failure as failure:
        got = failure.message if failure.message.startswith("not supported") else "error"
    return expected, got


def statements() -> Iterator[tuple[str, str, bool]]:
    """Each text of the corpus, the statement that asks it, and whether its rows have an order."""
    for expression in EXPRESSIONS:
        yield expression, f"select {expression}", True
    for line in COLUMNS:
        expression, listed = line.split(" :: ")
        yield line, f"select {expression} from unnest([{listed}]) as x with offset as o order by o", True
    for query in QUERIES:
        joint = query if query.startswith(",") else f" {query}"
        yield query, PRELUDE + joint, "order by" in query.rsplit(")", 1)[-1]


def compare_all(stand_in: StandIn, oracle: Oracle) -> list[Comparison]:
    """The whole corpus, asked once."""
    record, told = Record(), []
    with pytest.MonkeyPatch.context() as patch:
        record.watch(patch)
        for text, sql, ordered in statements():
            record.used.clear()
            expected, got = both(stand_in, oracle, sql, ordered)
            told.append(Comparison(text, expected, got, frozenset(record.used)))
    return told
