"""The same value and type as in Google's reference evaluator, or an error where that fails too; rewrite by rewrite."""

from __future__ import annotations

import pytest

from tests.sandbox.bigquery import corpus
from tests.sandbox.bigquery.conftest import Oracle, StandIn


@pytest.fixture(scope="session")
def compared(stand_in: StandIn, oracle: Oracle) -> list[corpus.Comparison]:
    return corpus.compare_all(stand_in, oracle)


def test_corpus__is_as_large_as_promised() -> None:
    assert len(corpus.EXPRESSIONS) >= 300
    assert len(corpus.QUERIES) >= 100


def test_corpus__gives_what_the_evaluator_gives(compared: list[corpus.Comparison]) -> None:
    assert {c.text: (c.expected, c.got) for c in compared if c.expected != c.got} == {}


@pytest.mark.parametrize("rewrite", [r for r in corpus.REWRITES if r not in corpus.BEYOND])
def test_rewrite__gives_what_the_evaluator_gives(compared: list[corpus.Comparison], rewrite: str) -> None:
    """Each rewrite is needed by a text that has a value, and every text that needs it gives what the evaluator gives."""
    asked = [c for c in compared if rewrite in c.rewrites]
    assert [c for c in asked if c.got != "error"], f"no text in oracle/ needs the rewrite of {rewrite}"
    assert {c.text: (c.expected, c.got) for c in asked if c.expected != c.got} == {}
