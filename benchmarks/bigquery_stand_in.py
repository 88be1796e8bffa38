"""The BigQuery stand-in by Google's own client: start to first answer, statements per second, a million rows."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from benchmarks.stand_in_build import serving

ROWS = 1_000_000
STATEMENTS = 60
AGGREGATE = (
    "select region, count(*) as n, sum(amount) as total, avg(price) as mean from {table} group by region"
)


def million(folder: Path) -> Path:
    """A Parquet file of a million rows of eight columns, written by DuckDB."""
    path = folder / "gcs" / "bench" / "million.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = (
            "i AS id, i % 97 AS region, 'customer ' || i % 10000 AS customer, CAST(i % 1000 AS DECIMAL(18,4)) / 7 AS amount,"
            " i / 3.0 AS price, DATE '2024-01-01' + CAST(i % 365 AS INTEGER) AS day, i % 2 = 0 AS paid, md5(CAST(i AS VARCHAR)) AS token"
        )
        duckdb.execute(f"COPY (SELECT {columns} FROM range({ROWS}) AS r(i)) TO '{path}' (FORMAT parquet)")
    return path


def timed(what: str, action: object) -> float:
    began = time.perf_counter()
    action()  # type: ignore[operator]
    seconds = time.perf_counter() - began
    print(f"  {what:<56} {seconds:8.2f} s")
    return seconds


def run(home: Path) -> dict[str, float]:
    """Measure and print; DuckDB alone on the same file is the peer."""
    folder = home / "bigquery-client"
    file = million(folder / "sandbox")
    print("BigQuery stand-in by the real client")
    with serving("bigquery", folder) as (_, seconds):
        print(f"  {'ready at the first start, analyzer compiled if need be':<56} {seconds:8.2f} s")
    with serving("bigquery", folder) as (leading, seconds):
        client = bigquery.Client(
            "bench", AnonymousCredentials(),  # type: ignore[no-untyped-call]
            client_options=ClientOptions(api_endpoint=leading["CUSTOMER_360_BIGQUERY_ENDPOINT"]), location="EU",
        )  # fmt: skip
        first = timed("first answer after it was ready", lambda: list(client.query_and_wait("select 1")))
        print(f"  {'start to first answer':<56} {seconds + first:8.2f} s")
        client.query_and_wait("create schema if not exists bench")
        client.query_and_wait("drop table if exists bench.million")

        def many() -> None:
            for i in range(STATEMENTS):
                client.query_and_wait(
                    f"select {i} as n, 'x' as t from unnest([1, 2, 3]) as u where u > {i % 3}"
                )

        rate = STATEMENTS / timed(f"{STATEMENTS} different statements, one after another", many)
        print(f"  {'statements per second':<56} {rate:8.1f}")
        load = timed(
            f"{ROWS:,} rows of 8 columns loaded from Parquet",
            lambda: client.query_and_wait(
                "load data into bench.million from files (format = 'PARQUET', uris = ['gs://bench/million.parquet'])"
            ),
        )
        aggregate = timed(
            f"{ROWS:,} rows aggregated",
            lambda: list(client.query_and_wait(AGGREGATE.format(table="bench.million"))),
        )
    with duckdb.connect(str(folder / "peer.duckdb")) as peer:
        own_load = timed(
            "peer: the same load in DuckDB itself",
            lambda: peer.execute(f"CREATE OR REPLACE TABLE million AS SELECT * FROM '{file}'"),
        )
        own_aggregate = timed(
            "peer: the same aggregate in DuckDB itself",
            lambda: peer.execute(AGGREGATE.format(table="million")).fetchall(),
        )
    print(f"  ratio to the peer: load {load / own_load:.1f}x, aggregate {aggregate / own_aggregate:.1f}x")
    return {
        "start_to_first_answer": seconds + first, "statements_per_second": rate, "load": load, "aggregate": aggregate,
        "peer_load": own_load, "peer_aggregate": own_aggregate,
    }  # fmt: skip
