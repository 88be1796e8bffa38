"""Nothing that Redshift takes is refused: the statements of accepted.sql run in order in one database."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg2
import psycopg2.errors
import pytest

from sandbox.redshift.language import prepare
from sandbox.redshift.language.facts import CopyCommand, MaterializedView
from tests.sandbox.redshift.language.conftest import Session, Warehouse, prepared


def _listed(name: str) -> list[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("--")]


STATEMENTS, FOREIGN = _listed("accepted.sql"), _listed("foreign.sql")
# Said by facts; the server does them.
OF_THE_SERVER = (MaterializedView, CopyCommand)
CONTROL = ("begin", "commit", "rollback", "analyze", "vacuum", "show_objects")


def test_corpus__is_large() -> None:
    assert len(STATEMENTS) >= 150
    assert len(FOREIGN) >= 100


@pytest.mark.parametrize("statements", [STATEMENTS, FOREIGN], ids=["accepted.sql", "foreign.sql"])
def test_valid_statements__run(warehouse: Warehouse, statements: list[str]) -> None:
    """All but transactions, which this test has for itself; each in a savepoint, so that all faults are seen at once."""
    faults = []
    for statement in statements:
        warehouse.cursor.execute("savepoint one")
        try:
            done = warehouse.prepare(statement)
            for each in done:
                if each.kind not in CONTROL and not isinstance(each.facts, OF_THE_SERVER):
                    for sql in each.postgres:
                        warehouse.cursor.execute(sql)
        except Exception as fault:
            faults.append(f"{statement[:160]}: {fault}")
            warehouse.cursor.execute("rollback to savepoint one")
    assert not faults, "\n".join(faults)


def test_prepare__is_quick() -> None:
    """Ten thousand characters of models in well under 50 milliseconds."""
    queries = [
        s
        for s in STATEMENTS
        if s.lower().startswith(("select", "with")) and "exclude" not in s and "qualify" not in s
    ]
    queries = [s for s in queries if "group by all" not in s and "pivot" not in s and "c_orders" not in s]
    size = sum(map(len, queries))
    prepared(queries[0])
    began = time.process_time()
    for query in queries:
        prepared(query)
    assert (time.process_time() - began) / size * 10_000 < 0.05


def test_prepare__keeps_what_it_made_until_the_catalog_changes() -> None:
    class Counting:
        asked = 0
        changes = 1

        def columns(self, schema: str | None, name: str) -> list[tuple[str, str]] | None:
            self.asked += 1
            return [("a", "integer")]

        def version(self) -> tuple[str, int]:
            return "kept", self.changes

    catalog, session = Counting(), Session()
    first = prepare("select a from kept_once", catalog, session)
    assert prepare("select a from kept_once", catalog, session) is first
    assert catalog.asked == 1
    catalog.changes += 1
    assert prepare("select a from kept_once", catalog, session) is not first


def test_columns_of_a_table__have_the_types_of_their_query(warehouse: Warehouse) -> None:
    warehouse.run(
        "create table made as select 'abc' as a, 1 as b, 1.50 as c, 10::decimal(8,2) / 3 as d, null as e, 'x' || 'yz' as f, "
        "dateadd(day, 1, current_date) as g, upper('ab'::varchar(7)) as h, avg(5) as i, sum(2::smallint) as j, count(*) as k"
    )
    warehouse.run("select * from made")
    assert warehouse.types() == [
        "varchar(3)", "integer", "numeric(3,2)", "numeric(19,13)", "varchar(1)", "varchar(3)", "timestamp", "varchar(7)", "bigint",
        "bigint", "bigint",
    ]  # fmt: skip


def test_union__has_the_common_types(warehouse: Warehouse) -> None:
    warehouse.run(
        "create view together as select 'a' as x, 1 as y, null as z union all select 'abc', 2.5, date '2020-01-01'"
    )
    assert warehouse.run("select * from together order by y")[0][0] == "a"
    assert warehouse.types() == ["varchar(3)", "numeric(11,1)", "date"]


def test_text_too_long__is_an_error(warehouse: Warehouse) -> None:
    warehouse.run("create table short (a varchar(3))")
    with pytest.raises(psycopg2.Error, match=r"value too long for type character varying\(3\)") as caught:
        warehouse.run("insert into short values ('abcd')")
    assert caught.value.pgcode == "22001"


def test_text_too_long_by_blanks__is_cut(warehouse: Warehouse) -> None:
    warehouse.run("create table short (a varchar(3))")
    warehouse.run("insert into short values ('abc   ')")
    assert warehouse.run("select a from short") == [("abc",)]


def test_keys__are_not_enforced_and_never_null(warehouse: Warehouse) -> None:
    warehouse.run("create table keyed (a int, b int unique, primary key (a))")
    warehouse.run("insert into keyed values (1, 1), (1, 1)")
    assert warehouse.run("select count(*) from keyed") == [(2,)]
    with pytest.raises(psycopg2.errors.NotNullViolation):
        warehouse.run("insert into keyed values (null, 1)")
