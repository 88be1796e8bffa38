"""The real google-cloud-bigquery client, and clients that misbehave, against the server."""

from __future__ import annotations

import http.client
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from google.api_core.exceptions import BadRequest, Conflict, GoogleAPICallError, NotFound
from google.cloud import bigquery

from tests.sandbox.bigquery.conftest import Running


@pytest.fixture(scope="module", autouse=True)
def dataset(client: bigquery.Client) -> None:
    client.create_dataset("rest", exists_ok=True)


def send(server: Running, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, object]]:
    host = server.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request(method, path, body)
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read() or b"{}")


def test_query__pages_types_and_parameters(client: bigquery.Client) -> None:
    config = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter("n", "INT64", 2500)])
    rows = client.query(
        "select x, timestamp '2024-01-01' as t from unnest(generate_array(1, @n)) x order by x", config
    ).result(page_size=1000)
    told = [r.x for r in rows]
    assert told == list(range(1, 2501))
    row = next(
        iter(
            client.query_and_wait(
                "select numeric '1.50', b'a', [1, 2], struct(1 as a), date '2024-01-01', null, true"
            )
        )
    )
    assert [str(v) for v in row.values()] == [
        "1.5",
        "b'a'",
        "[1, 2]",
        "{'a': 1}",
        "2024-01-01",
        "None",
        "True",
    ]


def test_dry_run__tells_bytes_and_schema_and_runs_nothing(client: bigquery.Client) -> None:
    client.query("create or replace table rest.sized as select 1 as a, 'abc' as s").result()
    job = client.query("select a from rest.sized", bigquery.QueryJobConfig(dry_run=True))
    assert job.total_bytes_processed == 8
    assert [f.name for f in job.schema] == ["a"]
    with pytest.raises(BadRequest, match=r"Unrecognized name: b at \[1:8\]"):
        client.query("select b from rest.sized", bigquery.QueryJobConfig(dry_run=True))


def test_load__json_csv_and_parquet(client: bigquery.Client) -> None:
    schema = [
        bigquery.SchemaField("a", "INTEGER"),
        bigquery.SchemaField("s", "STRING"),
        bigquery.SchemaField("tags", "STRING", "REPEATED"),
    ]
    config = bigquery.LoadJobConfig(schema=schema, write_disposition="WRITE_TRUNCATE")
    client.load_table_from_json(
        [{"a": 1, "s": "x", "tags": ["p"]}, {"a": 2}], "rest.loaded", job_config=config
    ).result()
    assert [(r.a, r.s, r.tags) for r in client.list_rows("rest.loaded")] == [(1, "x", ["p"]), (2, None, [])]
    csv = bigquery.LoadJobConfig(schema=schema[:2], skip_leading_rows=1, source_format="CSV")
    client.load_table_from_file(io.BytesIO(b'a,s\n3,"q, r"\n4,\n'), "rest.csv", job_config=csv).result()
    assert [(r.a, r.s) for r in client.list_rows("rest.csv")] == [(3, "q, r"), (4, None)]
    with pytest.raises(BadRequest, match="Bad int64 value: z"):
        client.load_table_from_file(io.BytesIO(b"a,s\nz,y\n"), "rest.csv", job_config=csv).result()
    assert client.get_table("rest.csv").num_rows == 2


def test_tables__are_made_changed_copied_and_dropped(client: bigquery.Client) -> None:
    table = bigquery.Table(
        "p.rest.made", [bigquery.SchemaField("d", "DATE"), bigquery.SchemaField("a", "INTEGER")]
    )
    table.time_partitioning = bigquery.TimePartitioning(field="d")
    table.clustering_fields = ["a"]
    client.create_table(table)
    with pytest.raises(Conflict):
        client.create_table(table)
    assert client.insert_rows_json("rest.made", [{"d": "2024-01-01", "a": 1}]) == []
    assert client.insert_rows_json("rest.made", [{"a": "x"}])[0]["index"] == 0
    told = client.get_table("rest.made")
    assert (told.num_rows, told.time_partitioning.type_, told.clustering_fields) == (1, "DAY", ["a"])
    told.description, told.labels = "described", {"k": "v"}
    told = client.update_table(told, ["description", "labels"])
    assert (told.description, told.labels) == ("described", {"k": "v"})
    client.copy_table("rest.made", "rest.copied").result()
    assert client.get_table("rest.copied").num_rows == 1
    client.extract_table("rest.made", "gs://bucket/made.csv").result()
    client.delete_table("rest.copied")
    with pytest.raises(NotFound):
        client.get_table("rest.copied")


def test_missing__is_404_in_its_shape(server: Running) -> None:
    for path in ("datasets/none", "datasets/rest/tables/none", "jobs/none", "queries/none"):
        status, told = send(server, "GET", f"/bigquery/v2/projects/p/{path}")
        assert status == 404
        assert told["error"]["errors"][0]["reason"] == "notFound"  # type: ignore[index]


def test_bad_requests__harm_nobody(server: Running, client: bigquery.Client) -> None:
    status, told = send(server, "POST", "/bigquery/v2/projects/p/jobs", b"{not json")
    assert (status, told["error"]["errors"][0]["reason"]) == (400, "parseError")  # type: ignore[index]
    assert send(server, "POST", "/bigquery/v2/projects/p/jobs", b"[]")[0] == 400
    assert send(server, "POST", "/bigquery/v2/projects/p/jobs", b" " * 20_000_001)[0] == 413
    host, port = server.address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.putrequest("POST", "/upload/bigquery/v2/projects/p/jobs?uploadType=multipart")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders()
    connection.send(b"only this")
    connection.close()
    assert next(iter(client.query_and_wait("select 1 as a"))).a == 1


def test_jobs__have_labels_children_and_can_be_cancelled(client: bigquery.Client) -> None:
    job = client.query("select 1; select 2", bigquery.QueryJobConfig(labels={"team": "x"}))
    assert next(iter(job.result()))[0] == 2
    assert job.labels == {"team": "x"}
    assert len(list(client.list_jobs(parent_job=job))) == 2
    slow = client.query(
        "select count(*) from unnest(generate_array(1, 3000000)) a join unnest(generate_array(1, 300000)) b on a <> b"
    )
    slow.cancel()
    # the client makes of the reason "stopped" its base error when it reads the job, a BadRequest when it reads results
    with pytest.raises(GoogleAPICallError, match="cancelled"):
        slow.result(retry=None)


def test_state__survives_a_kill(start: Callable[[Path], Running], tmp_path: Path) -> None:
    first = start(tmp_path)
    first.client().query("create schema lasting; create table lasting.t as select 7 as a").result()
    first.kill()
    second = start(tmp_path)
    assert next(iter(second.client().query_and_wait("select a from lasting.t"))).a == 7
    second.stop()
