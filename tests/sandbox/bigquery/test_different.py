"""What the stand-in does otherwise than BigQuery, row by row of docs/bigquery-stand-in.md: the difference is as told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from google.api_core.exceptions import NotFound
from google.cloud import bigquery

from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery.conftest import Running, StandIn


def test_paths__beside_gs(stand_in: StandIn, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1,x\n2,y\n")
    stand_in.run("create or replace table ds.from_path (a int64, b string)")
    for uri in (str(tmp_path / "rows.csv"), f"file://{tmp_path}/rows.csv"):
        stand_in.run(f"load data overwrite ds.from_path from files (format = 'CSV', uris = ['{uri}'])")
        assert stand_in.rows("select a, b from ds.from_path order by a") == [[1, "x"], [2, "y"]]


def test_safe__hides_errors_of_its_arguments_too(stand_in: StandIn) -> None:
    assert stand_in.rows("select safe.substr('a', x, cast('b' as int64)) from unnest([1]) as x") == [[None]]


def test_struct__is_billed_whole(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.nested as select struct(1 as a, 'abc' as b) as s")
    assert stand_in.run("select s.a from ds.nested", dry_run=True).processed == 8 + 5


def test_changes__bill_all_columns_of_the_partitions_kept(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.changed (d date, a int64, b int64) partition by d as"
        " select date '2024-01-01', 1, 1 union all select date '2024-01-02', 2, 2"
    )
    assert stand_in.run("update ds.changed set a = 0 where d = '2024-01-01'", dry_run=True).processed == 3 * 8


def test_filter_outside_of_a_view__does_not_prune_inside(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.pruned partition by d as select date '2024-01-01' as d, 1 as a union all select '2024-01-02', 2"
    )
    stand_in.run("create or replace view ds.over_pruned as select * from ds.pruned")
    inside = stand_in.run("select a from ds.pruned where d = '2024-01-01'", dry_run=True).processed
    outside = stand_in.run("select a from ds.over_pruned where d = '2024-01-01'", dry_run=True).processed
    assert (inside, outside) == (16, 32)


def test_quantiles__are_exact(stand_in: StandIn) -> None:
    rows = stand_in.rows("select approx_quantiles(x, 4) from unnest(generate_array(0, 1000)) as x")
    assert rows == [[[0, 250, 500, 750, 1000]]]
    assert stand_in.rows("select approx_quantiles(x, 1) from unnest(['b', null, 'a']) as x") == [[["a", "b"]]]


def test_materialized_view__is_computed_when_read(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.under as select 1 as a")
    stand_in.run("create materialized view ds.always_fresh as select sum(a) as total from ds.under")
    stand_in.run("insert into ds.under (a) values (2)")
    assert stand_in.rows("select total from ds.always_fresh") == [[3]]


def test_grants__are_kept_and_deny_nothing(client: bigquery.Client) -> None:
    client.query_and_wait("create schema if not exists guarded")
    client.query_and_wait("create or replace table guarded.secret as select 1 as a")
    client.query_and_wait(
        "grant `roles/bigquery.dataViewer` on table guarded.secret to 'user:one@example.com'"
    )
    granted = "select grantee from guarded.INFORMATION_SCHEMA.OBJECT_PRIVILEGES where object_name = 'secret'"
    assert [r[0] for r in client.query_and_wait(granted)] == ["user:one@example.com"]
    assert [r[0] for r in client.query_and_wait("select a from guarded.secret")] == [1]


def test_jobs__end_with_the_server(start: Callable[[Path], Running], tmp_path: Path) -> None:
    first = start(tmp_path)
    job = first.client().query("select 1")
    job.result()
    assert first.client().get_job(job.job_id).state == "DONE"
    first.stop()
    second = start(tmp_path)
    with pytest.raises(NotFound):
        second.client().get_job(job.job_id)
    second.stop()


def test_ingestion_time__is_the_moment_of_the_statement(stand_in: StandIn) -> None:
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    stand_in.run("create or replace table ds.ingested (a int64) partition by _partitiondate")
    stand_in.run("insert into ds.ingested (a) values (1)")
    [[a, day, moment]] = stand_in.rows("select a, _partitiondate, _partitiontime from ds.ingested")
    assert (a, moment) == (1, dt.datetime(day.year, day.month, day.day))
    assert before.date() <= day <= dt.datetime.now(dt.UTC).date()
    assert stand_in.rows("select * from ds.ingested") == [[1]]
    yesterday = "select a from ds.ingested where _partitiondate < current_date() - 1"
    assert stand_in.run(yesterday, dry_run=True).processed == 0
    assert stand_in.rows(yesterday) == []


def test_ingestion_time__filter_may_be_required(stand_in: StandIn) -> None:
    stand_in.run(
        "create or replace table ds.guarded_ingested (a int64) partition by timestamp_trunc(_partitiontime, hour)"
        " options (require_partition_filter = true)"
    )
    with pytest.raises(Failure, match="without a filter over column"):
        stand_in.run("select a from ds.guarded_ingested")
    assert stand_in.rows("select a from ds.guarded_ingested where _partitiontime is not null") == []
