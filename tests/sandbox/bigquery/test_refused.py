"""What BigQuery can and the stand-in refuses by name, row by row of docs/bigquery-stand-in.md."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import bigquery

from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery.conftest import StandIn

STATEMENTS = {
    "BIGNUMERIC columns": "create table ds.refused (a bignumeric)",
    "BIGNUMERIC results": "select cast(1 as bignumeric)",
    "GEOGRAPHY": "select st_geogpoint(1, 2)",
    "RANGE": "select range(date '2024-01-01', date '2024-02-01')",
    "transactions of several statements": "begin transaction; select 1; commit transaction",
    "procedures": "create procedure ds.p() begin select 1; end",
    "calls of procedures": "call ds.p()",
    "JavaScript functions": "create function ds.f(x int64) returns int64 language js as 'return x'",
    "aggregate functions of users": "create aggregate function ds.g(x int64) as (sum(x))",
    "table functions": "create table function ds.h(x int64) as (select x as y)",
    "time travel": "select * from ds.kept for system_time as of current_timestamp()",
    "TABLESAMPLE": "select 1 from ds.kept tablesample system (10 percent)",
    "snapshots of tables": "create snapshot table ds.snap clone ds.kept for system_time as of timestamp '2024-01-01'",
    "external tables": "create external table ds.ext options (format = 'CSV', uris = ['gs://b/x.csv'])",
    "HLL_COUNT": "select hll_count.init(x) from unnest([1]) as x",
    "KLL_QUANTILES": "select kll_quantiles.init_int64(x) from unnest([1]) as x",
    "APPROX_TOP_COUNT": "select approx_top_count(x, 1) from unnest([1]) as x",
    "models": "create model ds.m options (model_type = 'linear_reg') as select 1 as label, 2 as x",
    "row access policies": "create row access policy rap on ds.kept filter using (true)",
    "search indexes": "create search index idx on ds.kept (all columns)",
    "detection of a schema in CSV": "load data into ds.detected from files (format = 'CSV', uris = ['gs://bucket/rows.csv'])",
    "Avro": "load data into ds.kept from files (format = 'AVRO', uris = ['gs://bucket/rows.csv'])",
    "other views of INFORMATION_SCHEMA": "select * from ds.INFORMATION_SCHEMA.JOBS",
    "partition decorators in SQL": "select * from `ds.kept$20240101`",
}


@pytest.fixture(scope="module", autouse=True)
def kept(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.kept as select 1 as a")
    folder = stand_in.warehouse.files
    assert folder is not None
    (Path(folder) / "bucket").mkdir(exist_ok=True)
    (Path(folder) / "bucket" / "rows.csv").write_text("1\n")


@pytest.mark.parametrize("what", STATEMENTS)
def test_statement__is_refused_by_name(stand_in: StandIn, what: str) -> None:
    with pytest.raises(Failure, match="not supported by the stand-in: "):
        stand_in.run(STATEMENTS[what])


def test_legacy_sql__is_refused(client: bigquery.Client) -> None:
    with pytest.raises(GoogleAPICallError, match="not supported by the stand-in: legacy SQL"):
        client.query("select 1", job_config=bigquery.QueryJobConfig(use_legacy_sql=True)).result()


def test_load_into_a_partition__is_refused(client: bigquery.Client) -> None:
    client.query_and_wait("create schema if not exists refusals")
    settings = bigquery.LoadJobConfig(source_format="CSV", schema=[bigquery.SchemaField("a", "INT64")])
    with pytest.raises(GoogleAPICallError, match="not supported by the stand-in: loading into one partition"):
        client.load_table_from_file(io.BytesIO(b"1\n"), "refusals.t$20240101", job_config=settings).result()
