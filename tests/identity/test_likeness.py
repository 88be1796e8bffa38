"""Likeness on labelled records that the layer was not written for (FEBRL), with thresholds against regression."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.identity_febrl import judge
from flows.identity_quality import IdentityQuality


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[IdentityQuality, int, Path]:
    folder = tmp_path_factory.mktemp("febrl")
    quality, waiting = judge(folder, "febrl1")
    return quality, waiting, folder


def test_pairs_and_persons__are_found(judged: tuple[IdentityQuality, int, Path]) -> None:
    """Measured: precision 1.0000, recall 0.9940 by pairs; 0.9881 and 0.9940 of 500 persons recorded twice."""
    quality = judged[0]
    assert quality.identifiers == 1_000
    assert quality.precision > 0.995
    assert quality.recall > 0.985
    assert quality.cluster_f1 > 0.98


def test_rule__has_its_confusion(judged: tuple[IdentityQuality, int, Path]) -> None:
    rules = {rule.rule: rule for rule in judged[0].rules}
    likeness = rules["fuzzy_name_address"]
    assert likeness.joined_right > 460
    assert likeness.joined_wrong <= 2


def test_review_queue__holds_pairs_between_the_thresholds(
    judged: tuple[IdentityQuality, int, Path],
) -> None:
    _, waiting, folder = judged
    with duckdb.connect(str(folder / "layer.duckdb"), read_only=True) as connection:
        ((low, high, apart),) = connection.execute(
            """
            select min(weight), max(weight), count(*) filter (l.component_node_key <> r.component_node_key)
            from built.identity_review_queue
            join built.int_identity__components as l on l.node_key = left_node_key
            join built.int_identity__components as r on r.node_key = right_node_key"""
        ).fetchall()
    assert 0 < waiting == apart
    assert 100 <= low <= high < 180
