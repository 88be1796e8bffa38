"""COPY INTO and CREATE EXTERNAL TABLE AS SELECT against Azure storage on loopback (Microsoft's Azurite)."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from azure.storage.blob import BlobServiceClient, ContainerClient

from sandbox.azure_storage.__main__ import KEY
from tests.sandbox.synapse.conftest import ROOT, Client, Running, Start

ACCOUNT = "devstoreaccount1"
BASE = f"https://{ACCOUNT}.blob.core.windows.net/landing"
LAYOUT = "with (distribution = round_robin, heap)"


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Azurite with a container `landing`; its address."""
    command = [sys.executable, "-m", "sandbox.azure_storage", "--port", "0", "--memory"]
    home = tmp_path_factory.mktemp("azure")
    process = subprocess.Popen(
        [*command, "--home", str(home), "--container", "landing"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/\w+", process.stdout.readline())
    assert found
    yield found.group()
    process.terminate()
    process.wait(timeout=15)


@pytest.fixture(scope="module")
def landing(storage: str) -> ContainerClient:
    service = BlobServiceClient(storage, credential={"account_name": ACCOUNT, "account_key": KEY})
    return service.get_container_client("landing")


@pytest.fixture(scope="module")
def pool(start: Start, storage: str, tmp_path_factory: pytest.TempPathFactory) -> Running:
    return start(tmp_path_factory.mktemp("with_azure"), "--azure-endpoint", storage)


@pytest.fixture
def azure(pool: Running) -> Iterator[Client]:
    connection = pool.connect()
    client = Client(connection, "lake")
    client.run("if schema_id('{s}') is null exec('create schema {s}')")
    client.run("if object_id('{s}.t') is not null drop table {s}.t")
    yield client
    connection.close()


def parquet(table: pa.Table) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made)
    return made.getvalue()


def test_copy__takes_parquet_and_csv_by_file_folder_and_pattern(
    azure: Client, landing: ContainerClient
) -> None:
    azure.run(f"create table {{s}}.t (id int, name varchar(10)) {LAYOUT}")
    for number in (1, 2):
        table = pa.table({"id": pa.array([number], pa.int32()), "name": [f"p{number}"]})
        landing.upload_blob(f"parts/day={number}/a.parquet", parquet(table), overwrite=True)
    landing.upload_blob("parts/_SUCCESS", b"", overwrite=True)
    landing.upload_blob("partsof/other.parquet", b"no parquet", overwrite=True)
    azure.run(f"copy into {{s}}.t from '{BASE}/parts' with (file_type = 'PARQUET')")
    azure.run(f"copy into {{s}}.t from '{BASE}/parts/day=2/*.parquet' with (file_type = 'PARQUET')")
    landing.upload_blob("c/a b.csv", b"7,seven\n8,eight\n", overwrite=True)
    azure.run(f"copy into {{s}}.t from '{BASE}/c/a b.csv' with (file_type = 'CSV')")
    expected = [(1, "p1"), (2, "p2"), (2, "p2"), (7, "seven"), (8, "eight")]
    assert azure.rows("select id, name from {s}.t order by id") == expected


def test_copy__reads_a_blob_that_was_written_anew(azure: Client, landing: ContainerClient) -> None:
    azure.run(f"create table {{s}}.t (id int) {LAYOUT}")
    for content in (b"1\n", b"2\n"):
        landing.upload_blob("again.csv", content, overwrite=True)
        azure.run(f"copy into {{s}}.t from '{BASE}/again.csv' with (file_type = 'CSV')")
    assert azure.rows("select id from {s}.t order by id") == [(1,), (2,)]


def test_copy__refuses_moments_in_microseconds(azure: Client, landing: ContainerClient) -> None:
    azure.run(f"create table {{s}}.t (at datetime2(6)) {LAYOUT}")
    table = pa.table({"at": pa.array([1], pa.timestamp("us"))})
    landing.upload_blob("us.parquet", parquet(table), overwrite=True)
    number, text = azure.error(f"copy into {{s}}.t from '{BASE}/us.parquet' with (file_type = 'PARQUET')")
    assert (number, "MICROS" in text) == (106000, True)


def test_rejected_rows__become_blobs(azure: Client, landing: ContainerClient) -> None:
    azure.run(f"create table {{s}}.t (id int) {LAYOUT}")
    landing.upload_blob("bad.csv", b"1\nx\n", overwrite=True)
    azure.run(
        f"copy into {{s}}.t from '{BASE}/bad.csv' with (file_type = 'CSV', maxerrors = 1, errorfile = '/errors')"
    )
    assert azure.rows("select id from {s}.t") == [(1,)]
    (rows,) = (b.name for b in landing.list_blobs("errors/_rejectedrows/") if b.name.endswith(".Row.Txt"))
    assert landing.download_blob(rows).readall() == b"x\n"


def test_external_table__is_exported_and_read_back(azure: Client, landing: ContainerClient) -> None:
    azure.run(
        f"create external data source lake with (type = hadoop, location = 'abfss://landing@{ACCOUNT}.dfs.core.windows.net')"
    )
    azure.run("create external file format parquet with (format_type = parquet)")
    make = "create external table {s}.e with (location = '/out/', data_source = lake, file_format = parquet) as select 1 as id, 'a' as name"
    azure.run(make)
    (name,) = (b.name for b in landing.list_blobs("out/"))
    written = pq.read_table(io.BytesIO(landing.download_blob(name).readall()))
    assert written.to_pydict() == {"id": [1], "name": ["a"]}
    assert azure.rows("select * from {s}.e") == [(1, "a")]
    azure.run("drop external table {s}.e")
    assert "not supported by the stand-in" in azure.error(make)[1]


def test_what_is_not_there__is_an_error_with_a_reason(azure: Client, pool: Running) -> None:
    azure.run(f"create table {{s}}.t (id int) {LAYOUT}")
    copy = "copy into {{s}}.t from '{}' with (file_type = 'CSV')"
    assert azure.error(copy.format(f"{BASE}/none.csv"))[0] == 13807
    number, text = azure.error(copy.format(BASE.replace("landing", "nowhere") + "/a.csv"))
    assert (number, "ContainerNotFound" in text) == (13807, True)
    # another account's files lie in the folder
    other = pool.files / "other" / "landing"
    other.mkdir(parents=True, exist_ok=True)
    (other / "a.csv").write_text("5\n")
    azure.run(copy.format("https://other.blob.core.windows.net/landing/a.csv"))
    assert azure.rows("select id from {s}.t") == [(5,)]


def test_storage_that_is_down__is_told_and_harms_nothing(start: Start, tmp_path: Path) -> None:
    running = start(tmp_path, "--azure-endpoint", f"http://127.0.0.1:9/{ACCOUNT}")
    connection = running.connect()
    client = Client(connection, "dbo")
    client.run(f"create table t (id int) {LAYOUT}")
    number, text = client.error(f"copy into t from '{BASE}/a.csv' with (file_type = 'CSV')")
    assert (number, "does not answer" in text) == (13807, True)
    assert client.rows("select count(*) from t") == [(0,)]
    connection.close()
    assert running.stop() == 0


def test_another_address__is_refused_at_start() -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox.synapse",
        "--memory",
        "--port",
        "0",
        "--azure-endpoint",
        "https://example.com/a",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "write http://127.0.0.1:<port>/<account>" in done.stderr
