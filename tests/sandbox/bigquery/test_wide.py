"""Wildcard tables, temporary functions and single partitions, as dbt projects use them."""

from __future__ import annotations

import pytest
from google.cloud import bigquery

from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery.conftest import StandIn


@pytest.fixture(scope="module", autouse=True)
def events(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.event_20240101 as select 1 as a")
    stand_in.run("create or replace table ds.event_20240102 as select 2 as a, 'x' as b")
    stand_in.run("create or replace view ds.looked_20240101 as select 1 as a")


def test_wildcard__is_all_tables_with_the_newest_schema(stand_in: StandIn) -> None:
    assert stand_in.rows("select *, _table_suffix as day from `ds.event_*` order by a") == [
        [1, None, "20240101"],
        [2, "x", "20240102"],
    ]
    assert stand_in.types("select * from `p.ds.event_2024*`") == ["INT64", "STRING"]


def test_wildcard__reads_and_bills_the_tables_that_the_suffix_keeps(stand_in: StandIn) -> None:
    kept = "select a from `ds.event_*` where _table_suffix between '20240102' and format_date('%Y%m%d', date '2024-01-31')"
    assert stand_in.rows(kept) == [[2]]
    assert stand_in.run(kept, dry_run=True).processed == 8
    assert stand_in.run("select a from `ds.event_*`", dry_run=True).processed == 16
    assert stand_in.rows("select a from `ds.event_*` where ends_with(_table_suffix, '01')") == [[1]]


def test_wildcard__refuses_views_nothing_and_changes(stand_in: StandIn) -> None:
    for sql, message in {
        "select * from `ds.looked_*`": "Views cannot be queried through prefix",
        "select * from `ds.nothing_*`": "does not match any table",
        "insert into `ds.event_*` (a) values (1)": "can only be read",
    }.items():
        with pytest.raises(Failure, match=message):
            stand_in.run(sql)


def test_temporary_functions__live_in_their_script(stand_in: StandIn) -> None:
    made = "create temp function plus(a int64, b any type) as (a + b); create temp function twice(a int64) as (plus(a, a)); "
    assert stand_in.rows(made + "select twice(4), PLUS(1, 2.5)") == [[8, 3.5]]
    stand_in.run(
        made + "create or replace table ds.by_function as select twice(x) as y from unnest([1, 2]) as x"
    )
    assert stand_in.rows("select sum(y) from ds.by_function") == [[6]]
    with pytest.raises(Failure, match="Function not found: twice"):
        stand_in.run("select twice(1)")


def test_functions__call_functions(stand_in: StandIn) -> None:
    stand_in.run("create or replace function ds.inner_one(a int64) as (a + 1)")
    stand_in.run("create or replace function ds.outer_one(a int64) as (ds.inner_one(a) * 10)")
    assert stand_in.rows("select ds.outer_one(1)") == [[20]]


def test_partitions__are_copied_one_by_one(client: bigquery.Client) -> None:
    client.query_and_wait("create schema if not exists copies")
    days = "select d, a from unnest([struct(date '2024-01-01' as d, 1 as a), (date '2024-01-02', 2)])"
    client.query_and_wait(f"create or replace table copies.old partition by d as {days}")
    client.query_and_wait(
        f"create or replace table copies.new partition by d as select d, a * 10 as a from ({days})"
    )
    replace = bigquery.CopyJobConfig(write_disposition="WRITE_TRUNCATE")
    client.copy_table("p.copies.new$20240102", "p.copies.old$20240102", job_config=replace).result()
    assert [tuple(r) for r in client.query_and_wait("select a from copies.old order by d")] == [(1,), (20,)]
    with pytest.raises(Exception, match="belong to different partitions"):
        client.copy_table("p.copies.new$20240101", "p.copies.old$20240102", job_config=replace).result()
    with pytest.raises(Exception, match="Invalid partition decorator"):
        client.copy_table("p.copies.new$2024", "p.copies.old$20240102", job_config=replace).result()
    assert [tuple(r) for r in client.query_and_wait("select a from copies.old order by d")] == [(1,), (20,)]


def test_csv_and_json__leave_and_come_back(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.traveller as select 1 as a, 'x,\"y' as s, date '2024-01-01' as d, numeric '1.5' as n, true as b"
        " union all select null, null, null, null, null"
    )
    before = stand_in.rows("select * from ds.traveller order by a")
    for form in ("CSV", "JSON"):
        stand_in.run(
            f"export data options (uri = 'gs://bucket/t-*.{form}', format = '{form}', overwrite = true) as select * from ds.traveller"
        )
        stand_in.run("create or replace table ds.returned like ds.traveller")
        skip = ", skip_leading_rows = 1" if form == "CSV" else ""
        stand_in.run(
            f"load data into ds.returned from files (format = '{form}', uris = ['gs://bucket/t-*.{form}']{skip})"
        )
        assert stand_in.rows("select * from ds.returned order by a") == before, form
