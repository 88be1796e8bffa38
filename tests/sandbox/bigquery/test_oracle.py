"""The same value and type as in Google's reference evaluator, or a refusal where that fails too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.bigquery.analyzer.runtime import AnalyzerError
from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery.conftest import Oracle, StandIn

FOLDER = Path(__file__).parent / "oracle"
EXPRESSIONS = [
    line
    for line in (FOLDER / "expressions.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("--")
]
PRELUDE, *QUERIES = (FOLDER / "queries.sql").read_text(encoding="utf-8").split(";\n")
QUERIES = [q.strip() for q in QUERIES if q.strip()]


def comparable(rows: list[list[Any]], ordered: bool) -> list[str]:
    """NaN equals NaN here, and the order counts only where the query asks for one."""
    told = [repr(row) for row in rows]
    return told if ordered else sorted(told)


def both(stand_in: StandIn, oracle: Oracle, sql: str, ordered: bool = True) -> tuple[Any, Any]:
    """What each says; an error is the word 'error', whatever its text."""
    expected: Any
    got: Any
    try:
        types, rows = oracle.rows(sql)
        expected = (types, comparable(rows, ordered))
    except AnalyzerError:
        expected = "error"
    try:
        got = (stand_in.types(sql), comparable(stand_in.rows(sql), ordered))
    except Failure as failure:
        got = failure.message if failure.message.startswith("not supported") else "error"
    return expected, got


def test_suite__is_as_large_as_promised() -> None:
    assert len(EXPRESSIONS) >= 300
    assert len(QUERIES) >= 100


@pytest.mark.parametrize("start", range(0, len(EXPRESSIONS), 40))
def test_expressions__give_what_the_evaluator_gives(stand_in: StandIn, oracle: Oracle, start: int) -> None:
    wrong = {}
    for expression in EXPRESSIONS[start : start + 40]:
        expected, got = both(stand_in, oracle, f"select {expression}")
        if expected != got:
            wrong[expression] = (expected, got)
    assert wrong == {}


@pytest.mark.parametrize("start", range(0, len(QUERIES), 20))
def test_queries__give_what_the_evaluator_gives(stand_in: StandIn, oracle: Oracle, start: int) -> None:
    wrong = {}
    for query in QUERIES[start : start + 20]:
        joint = query if query.startswith(",") else f" {query}"
        expected, got = both(stand_in, oracle, PRELUDE + joint, "order by" in query.rsplit(")", 1)[-1])
        if expected != got:
            wrong[query] = (expected, got)
    assert wrong == {}
