"""The engines say what they cannot do, and the matrix says it too: absent is never passed, not supported is never passed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import python
from tests.macros import matrix
from tests.macros.engines import Answer, Engine, Question, Table
from tests.macros.engines.bigquery_evaluator import literal_of
from tests.macros.engines.embedded_duckdb import EmbeddedDuckDB
from tests.macros.engines.redshift_on_postgres import RedshiftOnPostgres, in_postgres, unknown_words
from tests.macros.engines.through_dbt import NEEDED, ThroughDbt
from tests.macros.kinds import Kind, Value, kind_of, text_of, value_of
from tests.macros.proof import FAILED, NOT_SUPPORTED, PASSED, Verdict, judge
from tests.macros.vectors import Vector

TEXT, INTEGER = Kind("text"), Kind("integer")


def one(sql: str, *values: Value, gives: Kind = INTEGER, kind: Kind = TEXT) -> Question:
    """A question about one column ``given_x``, a table per value."""
    tables = tuple(Table((("given_x", kind),), ((value,),)) for value in values)
    return Question(sql, "row", gives, tables)


@pytest.fixture(scope="module")
def postgres() -> Iterator[RedshiftOnPostgres]:
    engine = RedshiftOnPostgres()
    if absence := engine.absence():
        pytest.skip(absence)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("sql", "given", "gives", "expected"),
    [
        ("chr(160)", "", TEXT, None),
        ("chr(9)", "", TEXT, "\t"),
        ("cast(case when given_x = 'a' then 1 else 0 end as bigint)", "a  ", INTEGER, 1),
        ("cast(case when given_x = '' then 1 else 0 end as bigint)", "   ", INTEGER, 1),
        ("cast(len(given_x) as bigint)", "a  ", INTEGER, 3),
        ("cast(len('a\\\\b') as bigint)", "", INTEGER, 3),
        ("split_part(given_x, '@', 3)", "a@b", TEXT, ""),
        ("try_cast(given_x as bigint)", "x", INTEGER, None),
        (
            "cast(datediff(year, cast('2016-12-31' as date), cast('2017-01-01' as date)) as bigint)",
            "",
            INTEGER,
            1,
        ),
        ("to_char(dateadd(year, 1, cast('2016-02-29' as date)), 'YYYY-MM-DD')", "", TEXT, "2017-03-01"),
        ("to_char(dateadd(month, 12, cast('2016-02-29' as date)), 'YYYY-MM-DD')", "", TEXT, "2017-02-28"),
    ],
)
def test_postgres__does_what_redshift_documents(
    postgres: RedshiftOnPostgres, sql: str, given: str, gives: Kind, expected: Value
) -> None:
    answer = postgres.evaluate([one(sql, given, gives=gives)])[0][0]
    assert answer.error == ""
    assert answer.values == (expected,)


def test_postgres__refuses_a_bigint_where_redshift_wants_an_integer(postgres: RedshiftOnPostgres) -> None:
    sql = "cast(dateadd(day, cast(1 as bigint), cast('2017-01-01' as date)) as date)"
    assert "does not exist" in postgres.evaluate([one(sql, "", gives=Kind("date"))])[0][0].error


def test_postgres__does_not_support_what_redshift_does_not_document(postgres: RedshiftOnPostgres) -> None:
    answer = postgres.evaluate([one("string_agg(given_x, ',')", "a", gives=TEXT)])[0][0]
    assert answer.error.startswith(NOT_SUPPORTED)
    assert "string_agg" in answer.error


def test_rewriting__leaves_literals_alone() -> None:
    assert unknown_words("replace('generate_series(', ')', 'x(y)')") == []
    assert in_postgres("concat_me('dateadd(day, 1)')") == "concat_me('dateadd(day, 1)')"
    assert (
        in_postgres("dateadd(day, 1, try_cast('2017-01-01' as date))")
        == "dateadd('day', 1, try_cast_date('2017-01-01'))"
    )
    assert (
        in_postgres("listagg(x, ', ') within group (order by x)")
        == "string_agg(nullif(x, ''), ', ' order by x)"
    )


def test_one_failure__speaks_for_itself_only() -> None:
    engine = EmbeddedDuckDB()
    answers = engine.evaluate([one("cast(given_x as bigint)", "1", "x", None)])[0]
    engine.close()
    assert [bool(answer.error) for answer in answers] == [False, True, False]
    assert [answer.values for answer in answers] == [(1,), (), (None,)]


@pytest.mark.parametrize("target", ["redshift", "synapse", "bigquery"])
def test_a_warehouse_without_its_variables__is_absent_in_one_sentence(target: str) -> None:
    engine = ThroughDbt(target, {})
    assert engine.absence().endswith(f"set {', '.join(NEEDED[target])} to run the vectors there.")
    assert ThroughDbt(target, dict.fromkeys(NEEDED[target], "x")).absence() == ""


def test_make_macros_of_an_absent_target__ends_with_a_sentence_and_code_2(tmp_path: Path) -> None:
    done = python("-m", "tests.macros", "--home", str(tmp_path), "--target", "synapse")
    assert done.returncode == 2
    assert "Synapse through dbt: absent." in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.xdist_group("macros")
def test_through_dbt__answers_as_the_warehouse_behind_it_does(
    all_vectors: list[Vector], calls: dict[str, list[str]], rendered: dict[str, dict[str, tuple[str, ...]]]
) -> None:
    macros = {"flag_from_boolean", "joined_text", "last_known", "rounded", "week_start"}
    some = [v for v in all_vectors if v.macro in macros]
    wrong = replace(some[0], expected=("not this",))
    verdicts = judge(ThroughDbt("local"), [wrong, *some], calls, rendered["local"])
    assert verdicts[0].outcome == FAILED
    assert [v.reason for v in verdicts[1:] if v.outcome != PASSED] == []


class Broken:
    """An engine that answers every question with the same word, and one that is absent."""

    adapter = "duckdb"
    target = "local"

    def __init__(self, name: str, absent: str = "") -> None:
        self.name, self._absent = name, absent

    def absence(self) -> str:
        return self._absent

    def accepts(self, kind: Kind, type_name: str) -> bool:
        return True

    def evaluate(self, questions: Sequence[Question]) -> list[list[Answer]]:
        return [[Answer(("wrong",)) for _ in question.tables] for question in questions]

    def close(self) -> None:
        pass


def test_matrix__shows_failures_and_absence_and_never_counts_them_as_passed(
    all_vectors: list[Vector], tmp_path: Path
) -> None:
    broken: list[Engine] = [Broken("Broken"), Broken("Gone", "It is not there.")]
    vector = next(v for v in all_vectors if v.macro == "text_length")
    excused = Verdict(vector, NOT_SUPPORTED, "why")
    found = matrix.Matrix(
        ["text_length", "flag"],
        {"Broken": [Verdict(vector, FAILED, "it says why"), excused]},
        {"Gone": "It is not there."},
    )
    text = matrix.as_text(found, broken)
    assert "0/1 FAILED" in text
    assert "Broken FAILED: it says why" in text
    assert "Gone: absent. It is not there." in text
    matrix.keep(found, broken, tmp_path / "macros.json")
    kept = json.loads((tmp_path / "macros.json").read_text(encoding="utf-8"))
    assert kept["macros"]["text_length"]["outcomes"] == {
        "Broken": {"passed": 0, "failed": 1, "not supported": 1}
    }
    assert kept["engines"][1] == {"name": "Gone", "adapter": "duckdb", "absent": "It is not there."}


def test_judge__wants_value_and_type(all_vectors: list[Vector], calls: dict[str, list[str]]) -> None:
    vector = next(v for v in all_vectors if v.macro == "flag_from_boolean")
    engine = EmbeddedDuckDB()
    outcomes = {}
    for sql in (
        "cast(case when given_expression then 1 else 0 end as smallint)",
        "case when given_expression then 1 else 0 end",
        "cast(7 as smallint)",
    ):
        outcomes[sql[:9]] = judge(engine, [vector], {vector.macro: [vector.call]}, {vector.macro: (sql,)})[
            0
        ].outcome
    engine.close()
    assert outcomes == {"cast(case": PASSED, "case when": FAILED, "cast(7 as": FAILED}


def test_literal_of__keeps_what_googlesql_would_read_otherwise() -> None:
    assert literal_of(TEXT, "a'b\\c\n") == "'a\\'b\\\\c\\n'"
    assert literal_of(INTEGER, None) == "cast(null as int64)"
    assert literal_of(kind_of("decimal(18,4)"), Decimal("-0.5")) == "cast('-0.5' as numeric)"


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("decimal(18,4)", "-1.5000"),
        ("date", "2016-02-29"),
        ("timestamp", "2017-01-02 03:04:05.000006"),
        ("boolean", "true"),
        ("integer", "-7"),
        ("text", "é"),
    ],
)
def test_kinds__read_and_write_the_same_text(kind: str, cell: str) -> None:
    assert text_of(value_of(kind_of(kind), cell)) == cell
    assert value_of(kind_of(kind), None) is None
