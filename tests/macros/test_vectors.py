"""The vectors of every macro on every engine of the laptop, and what the tables of vectors must have."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from tests.macros import contracts, vectors
from tests.macros.engines import Engine
from tests.macros.proof import FAILED, NOT_SUPPORTED, judge
from tests.macros.vectors import Refusal, Vector

pytestmark = pytest.mark.xdist_group("macros")
Files = dict[str, tuple[list[Vector], list[Refusal]]]
# they only ever refuse, or give text to Jinja that no engine sees
NO_SQL = {"not_written_for_this_adapter"}


@pytest.mark.parametrize("number", [0, 1, 2], ids=["duckdb", "evaluator", "postgres"])
def test_vectors__give_what_the_contracts_say(
    number: int,
    engines: list[Engine],
    all_vectors: list[Vector],
    calls: dict[str, list[str]],
    rendered: dict[str, dict[str, tuple[str, ...]]],
) -> None:
    engine = engines[number]
    if absence := engine.absence():
        pytest.skip(f"{engine.name} is absent: {absence}")
    verdicts = judge(engine, all_vectors, calls, rendered[engine.target])
    assert [verdict.reason for verdict in verdicts if verdict.outcome == FAILED] == []
    excused = [v.vector for v in verdicts if v.outcome == NOT_SUPPORTED]
    assert all(engine.adapter in vector.not_on for vector in excused), (
        "an engine refuses what no vector excuses"
    )
    assert len(verdicts) - len(excused) >= 1000


def test_every_macro__has_vectors(vector_files: Files) -> None:
    macros = {path.stem for path in contracts.macro_files()}
    assert set(vector_files) == macros, "one file of vectors per macro, tests/macros/vectors/<macro>.yml"
    assert {name for name, (found, _) in vector_files.items() if not found} == NO_SQL
    assert {name for name in NO_SQL if not vector_files[name][1]} == set()


def test_every_macro_of_values__has_a_vector_of_null(vector_files: Files) -> None:
    without = set()
    for name, (found, _) in vector_files.items():
        cells = [cell for v in found for row in v.table.rows for cell in row]
        if any(v.table.columns for v in found) and None not in cells:
            without.add(name)
    assert without == set()


def test_no_vector__is_there_twice(all_vectors: list[Vector]) -> None:
    counted = Counter((v.macro, v.call, repr(v.table), v.shape) for v in all_vectors)
    assert [key for key, times in counted.items() if times > 1] == []


def test_vectors__cover_what_the_warehouses_differ_in(all_vectors: list[Vector]) -> None:
    cells = set(itertools.chain.from_iterable(row for v in all_vectors for row in v.table.rows))
    held = {str(cell) for cell in cells}
    for needed in (
        "None", "", "   ", "é", "日本語", "🙂", "O'Neil", "back\\slash", str(2**63 - 1), str(-(2**63)), "99999999999999.9999", "2.5", "-2.5",
        "2016-02-29", "9999-12-31", "2017-01-31", "2017-01-01", "2021-01-03", "2017-03-26 02:00:00", "2017-10-29 01:00:00",
        "2017-01-02T03:04:05.5Z", "2017-01-02 03:04:05+02:00", "1e3", "é" * 4001,
    ):  # fmt: skip
        assert needed in held, f"no vector holds {needed[:40]!r}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inputs: {x: money}\ngives: text\ncolumns: [x, gives]\nrows:\n  - [a, b]\n", "'money' is no kind"),
        ("inputs: {x: date}\ngives: text\ncolumns: [x, gives]\nrows:\n  - [2017-02-29, b]\n", "row 1"),
        ("inputs: {x: text}\ngives: text\ncolumns: [x, gives]\nrows:\n  - [a]\n", "1 cells, but 2 columns"),
        (
            "inputs: {x: text}\ncall: f({y})\ngives: text\ncolumns: [x, gives]\nrows:\n  - [a, b]\n",
            "{y} stands for no column",
        ),
    ],
)
def test_a_wrong_table__is_told_with_file_and_row(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.yml, table 1, row 1: .*") as fault:
        vectors.read(path)
    assert words in str(fault.value)
