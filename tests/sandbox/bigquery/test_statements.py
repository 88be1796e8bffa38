"""DDL, DML, scripts, views, billing and refusals, statement by statement."""

from __future__ import annotations

import pytest

from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery.conftest import StandIn

REFUSED_AS_BIGQUERY_DOES = {
    "select year(current_date())": "Function not found: year",
    "select cast('a' as varchar)": "Type not found: varchar at [1:20]",
    "select nvl2(1, 2, 3)": "Function not found",
    "select foo": "Unrecognized name: foo at [1:8]",
    "select *\nfrm x": "at [2:1]",
    "select 1 union select 2": "Syntax error",
    "select 1 as a, 2 as a": "Duplicate column names in the result are not supported",
    "create table ds.unnamed as select 1": "CREATE TABLE columns must be named",
    "delete from ds.missing": "Not found: Table p:ds.missing",
    "select * from nowhere.t": "Not found: Dataset p:nowhere",
    "select * from lonely": "must be qualified with a dataset",
    "select 1/0": "division by zero: 1 / 0",
    "select 9223372036854775807 + 1": "int64 overflow",
    "select cast('x' as int64)": "Bad int64 value: x",
    "select [1][offset(1)]": "Array index 1 is out of bounds",
    "select (select x from unnest([1, 2]) x)": "Scalar subquery produced more than one element",
    "select date '2024-02-30'": "Invalid",
}


@pytest.fixture(scope="module", autouse=True)
def kept(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.kept as select 1 as a")


@pytest.mark.parametrize("sql", REFUSED_AS_BIGQUERY_DOES)
def test_invalid_sql__is_refused_with_a_reason(stand_in: StandIn, sql: str) -> None:
    with pytest.raises(Failure) as told:
        stand_in.run(sql)
    assert REFUSED_AS_BIGQUERY_DOES[sql] in told.value.message
    assert told.value.reason in ("invalidQuery", "notFound", "invalid")


def test_merge__takes_the_first_clause_and_refuses_two_sources(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.m as select * from unnest([struct(1 as id, 'a' as v), (2, 'b'), (3, 'c')])"
    )
    outcome = stand_in.run(
        "merge ds.m t using (select 1 as id, 'x' as v union all select 9, 'y') s on t.id = s.id"
        " when matched then update set v = s.v when not matched then insert (id, v) values (id, v)"
        " when not matched by source and t.id = 2 then delete"
    )
    assert (outcome.inserted, outcome.updated, outcome.deleted) == (1, 1, 1)
    assert stand_in.rows("select * from ds.m order by id") == [[1, "x"], [3, "c"], [9, "y"]]
    with pytest.raises(Failure, match="at most one source row"):
        stand_in.run(
            "merge ds.m t using (select 1 as id union all select 1) s on t.id = s.id when matched then update set v = 'z'"
        )


def test_failed_statement__changes_nothing(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.whole as select 1 as a")
    for sql in (
        "create or replace table ds.whole as select 1/0 as a",
        "insert into ds.whole (a) select 1 union all select cast('x' as int64)",
    ):
        with pytest.raises(Failure):
            stand_in.run(sql)
    assert stand_in.rows("select * from ds.whole") == [[1]]


def test_script__replaces_partitions_as_dbt_does(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.parts partition by d as select date '2024-01-01' as d, 1 as a union all select '2024-01-02', 2"
    )
    stand_in.run(
        "declare replaced array<date>; create temp table fresh as select date '2024-01-02' as d, 9 as a;"
        " set (replaced) = (select as struct array_agg(distinct d ignore nulls) from fresh);"
        " merge into ds.parts as target using (select * from fresh) as source on false"
        " when not matched by source and target.d in unnest(replaced) then delete when not matched then insert (d, a) values (d, a)"
    )
    assert [row[1] for row in stand_in.rows("select * from ds.parts order by d")] == [1, 9]


def test_script__control_flow_and_exceptions(stand_in: StandIn) -> None:
    loops = (
        "declare i int64 default 0; loop set i = i + 1; if i > 3 then leave; end if; end loop; while i < 10 do set i = i * 2; end while;"
        " repeat set i = i + 1; until i > 20 end repeat; for r in (select 1 as a union all select 2) do set i = i + r.a; end for; select i"
    )
    assert stand_in.rows(loops) == [[24]]
    assert stand_in.rows("begin select 1/0; exception when error then select @@error.message; end") == [
        ["division by zero: 1 / 0"]
    ]
    assert stand_in.rows(
        "declare z string; execute immediate 'select @a' into z using 'q' as a; select z"
    ) == [["q"]]


def test_view__binds_late_and_its_listed_schema_goes_stale(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.base as select 1 as a")
    stand_in.run("create or replace view ds.seen as select * from ds.base")
    stand_in.run("alter table ds.base add column b string")
    assert stand_in.rows("select * from ds.seen") == [[1, None]]
    listed = stand_in.rows("select column_name from ds.INFORMATION_SCHEMA.COLUMNS where table_name = 'seen'")
    assert listed == [["a"]]
    stand_in.run("drop table ds.base")
    with pytest.raises(Failure, match=r"Not found: Table p:ds\.base"):
        stand_in.run("select * from ds.seen")


def test_billing__counts_columns_read_in_partitions_not_pruned(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.costs (d date, a int64, s string) partition by date_trunc(d, month) options (require_partition_filter = true)"
        " as select date '2024-01-05', 1, 'abc' union all select '2024-01-06', 2, null union all select '2024-02-01', 3, 'x'"
    )
    january = "d between '2024-01-01' and '2024-01-31'"
    for sql, expected in {
        f"select a from ds.costs where {january}": 2 * (8 + 8),
        f"select s from ds.costs where {january}": 2 * 8 + 5,
        f"select count(*) from (select * from ds.costs where {january})": 2 * 8,
        "select a from ds.costs where d is not null": 3 * 16,
        "select d from ds.costs where date_trunc(d, month) = '2024-02-01'": 8,
    }.items():
        assert stand_in.run(sql, dry_run=True).processed == expected, sql
    with pytest.raises(Failure, match=r"without a filter over column\(s\) 'd'"):
        stand_in.run("select a from ds.costs")


def test_types__hold_what_they_declare(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.typed (id int64 not null, s string(3), n numeric(5, 2), arr array<int64>)"
    )
    stand_in.run("insert into ds.typed (id, s, n) values (1, 'abc', 1.256)")
    assert stand_in.rows("select cast(n as string), arr from ds.typed") == [["1.26", []]]
    for values, message in {"(null, 'a', 1)": "cannot be null", "(2, 'abcd', 1)": "maximum length 3"}.items():
        with pytest.raises(Failure, match=message):
            stand_in.run(f"insert into ds.typed (id, s, n) values {values}")


def test_functions__of_users_are_put_in_place_of_their_calls(stand_in: StandIn) -> None:
    stand_in.run("create or replace function ds.plus(a int64, b any type) as (a + b)")
    assert stand_in.rows("select ds.plus(1, 2)") == [[3]]


def test_files__are_exported_and_loaded(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.out as select 1 as a, 'x' as s, timestamp '2024-01-01' as t, numeric '1.5' as n"
    )
    stand_in.run(
        "export data options (uri = 'gs://bucket/out-*.parquet', format = 'PARQUET', overwrite = true) as select * from ds.out"
    )
    stand_in.run(
        "load data into ds.out from files (format = 'PARQUET', uris = ['gs://bucket/out-*.parquet'])"
    )
    assert stand_in.rows("select count(*), count(distinct t) from ds.out") == [[2, 1]]
    with pytest.raises(Failure, match="Not found: URI"):
        stand_in.run("load data into ds.out from files (format = 'PARQUET', uris = ['gs://bucket/missing'])")
