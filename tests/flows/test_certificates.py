"""Certificates held against each other and shown as a matrix; small ones written here, in the form that parity gives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docs_site.parity_matrix import matrix
from flows.certificate import digest_of
from flows.certificate_comparison import compare_certificates, comparison_as_text
from flows.comparison import compare_ledgers
from flows.fingerprints import Fingerprints
from tests.conftest import python


def certificate(**other: Any) -> dict[str, Any]:
    """Two targets with two equal marts."""

    def mart(name: str, rows: int) -> dict[str, Any]:
        both = {"local": [rows, 7, 8], "bigquery": [rows, 7, 8]}
        return {
            "mart": name, "verdict": "equal", "sentence": "", "partitions": [], "bound": both,
            "rows": {"local": rows, "bigquery": rows},
            "columns": [{"column": "amount", "verdict": "equal", "sums": dict(both)}],
        }  # fmt: skip

    target = {"manifest": "m", "adapter": "a 1", "schema": "s", "ledger_position": 3}
    made = {
        "certified_at": "2026-01-01T00:00:00+00:00", "verdict": "equal", "sentence": "", "git_revision": "g", "dbt": "dbt-core 1",
        "targets": {"local": dict(target), "bigquery": dict(target)}, "marts": [mart("fct_a", 5), mart("fct_b", 6)],
        "differences": [],
    } | other  # fmt: skip
    return made | {"digest": digest_of(made)}


def _same(_: dict[str, Any]) -> None:
    pass


def _one_cell(new: dict[str, Any]) -> None:
    new["marts"][1]["columns"][0]["sums"]["bigquery"] = [6, 7, 9]


def _swapped(new: dict[str, Any]) -> None:
    new["marts"][1]["bound"]["local"] = [6, 1, 8]


def _more_rows(new: dict[str, Any]) -> None:
    new["marts"][1]["rows"]["local"] = 7


def _gone(new: dict[str, Any]) -> None:
    del new["marts"][1]


def _unread(new: dict[str, Any]) -> None:
    del new["marts"][1]["rows"]["bigquery"]


@pytest.mark.parametrize(
    ("change", "expected", "says"),
    [
        (_same, "same", "the same rows: 2 marts on local, bigquery."),
        (_one_cell, "changed", "amount"),
        (_swapped, "changed", "the same values in other rows"),
        (_more_rows, "changed", "local: 6 -> 7 rows"),
        (_gone, "gone", "fct_b"),
        (_unread, "unknown", "fct_b"),
    ],
)
def test_two_certificates__say_what_changed(
    change: Callable[[dict[str, Any]], None], expected: str, says: str
) -> None:
    new = certificate()
    change(new)
    found = compare_certificates(certificate(), new)
    assert {m["mart"]: m["change"] for m in found["marts"]} == {"fct_a": "same", "fct_b": expected}
    assert found["is_same"] == (expected == "same")
    assert says in comparison_as_text(found)


def test_two_certificates__tell_code_data_and_adapters_apart() -> None:
    new = certificate(git_revision="h")
    new["targets"]["bigquery"] |= {"adapter": "a 2", "ledger_position": 4}
    found = compare_certificates(certificate(), new)
    assert found["signatures"] == [
        ("git revision", "g", "h"),
        ("adapter of bigquery", "a 1", "a 2"),
        ("ledger position of bigquery", 3, 4),
    ]
    assert found["is_same"], "the rows are the same all the same"


def test_compare__is_a_command_with_one_sentence_per_fault(tmp_path: Path) -> None:
    alone = certificate(targets={"synapse": certificate()["targets"]["local"]})
    changed = certificate()
    changed["marts"][0]["rows"]["local"] = 99
    files = {
        "first": certificate(),
        "later": certificate(git_revision="h"),
        "alone": alone,
        "edited": changed,
    }
    for name, made in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(made), encoding="utf-8")

    def compare(before: str, after: str) -> tuple[int, str]:
        done = python("-m", "flows.parity", "compare", str(tmp_path / f"{before}.json"), str(tmp_path / f"{after}.json"))  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert compare("first", "later")[0] == 0
    for after, says in (
        ("alone", "have no target in common"),
        ("edited", "was changed after it was made"),
        ("absent", "cannot be read"),
    ):
        code, told = compare("first", after)
        assert code == 3
        assert says in told
        assert len(told.strip().splitlines()) == 1


def test_matrix__has_a_cell_for_every_mart_and_target() -> None:
    new = certificate()
    _one_cell(new)
    del new["marts"][0]["rows"]["bigquery"]
    states = {e["mart"]: [(c["target"], c["state"], c["columns"]) for c in e["cells"]] for e in matrix(new)}
    assert states == {
        "fct_a": [("local", "reference", []), ("bigquery", "unread", [])],
        "fct_b": [("local", "reference", []), ("bigquery", "different", ["amount"])],
    }


@pytest.mark.parametrize(
    ("left", "right", "common", "verdict"),
    [
        ("abc", "abc", 3, "equal"),
        ("abc", "ab", 2, "different"),
        ("abc", "", 0, "different"),
        ("abc", "axc", 1, "different"),
    ],
    ids=["same files", "one is behind", "nothing loaded", "another file in between"],
)
def test_ledgers__are_compared_up_to_the_last_common_batch(
    left: str, right: str, common: int, verdict: str
) -> None:
    """A letter is a batch's files."""
    sides = [
        Fingerprints(
            name,
            ledger={"schema": "s", "batches": {str(n + 1): {"files": 1, "rows": 1, "digest": d} for n, d in enumerate(batches)}},
        )
        for name, batches in (("left", left), ("right", right))
    ]  # fmt: skip
    found = compare_ledgers(sides)
    assert (found["common_position"], found["verdict"]) == (common, verdict)
    if verdict != "equal":
        assert f"they hold the same files up to batch {common}" in found["sentence"]
        assert "left at batch 3" in found["sentence"]
