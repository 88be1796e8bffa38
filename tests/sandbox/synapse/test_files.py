"""COPY INTO and external tables on a folder that stands for Azure storage."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.sandbox.synapse.conftest import Client, Running

LAYOUT = "with (distribution = round_robin, heap)"
BASE = "https://lake.blob.core.windows.net/landing"


@pytest.fixture
def container(server: Running, client: Client) -> Path:
    folder = server.files / "lake" / "landing" / client.schema
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_parquet__loads_by_place_and_all_or_nothing(client: Client, container: Path) -> None:
    client.run(
        f"create table {{s}}.t (id int, name varchar(5), amount decimal(18,4), day date, at datetime2(6), big bigint) {LAYOUT}"
    )
    rows = pa.table(
        {
            "a": pa.array([1, None], pa.int32()), "b": ["é", None], "c": pa.array([Decimal("1.5000"), None], pa.decimal128(18, 4)),
            "d": pa.array([dt.date(2024, 1, 1), None]), "e": pa.array([dt.datetime(2024, 1, 1, 2, 3, 4, 5000), None], pa.timestamp("ms")),
            "f": pa.array([2**40, None], pa.int64()),
        }
    )  # fmt: skip
    pq.write_table(rows, container / "one.parquet")
    client.run(
        f"copy into {{s}}.t from '{BASE}/{{s}}/*.parquet' with (file_type = 'PARQUET', credential = (identity = 'Managed Identity'))"
    )
    assert client.rows("select * from {s}.t where id = 1") == [
        (1, "é", Decimal("1.5000"), dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 2, 3, 4, 5000), 2**40)
    ]
    pq.write_table(rows.set_column(1, "b", pa.array(["too long", "x"])), container / "two.parquet")
    assert client.error(f"copy into {{s}}.t from '{BASE}/{{s}}' with (file_type = 'PARQUET')")[0] == 110806
    assert client.rows("select count(*) from {s}.t") == [(2,)]


@pytest.mark.parametrize(
    ("column", "word"),
    [
        (pa.array([dt.datetime(2024, 1, 1)], pa.timestamp("us")), "MICROS"),
        (pa.array([1], pa.timestamp("ns")), "NANOS"),
        (pa.array([1], pa.int64()), "ClassCastException"),
        (pa.array(["2024-01-01"]), "ClassCastException"),
    ],
)
def test_parquet__of_another_type_is_refused(
    client: Client, container: Path, column: pa.Array, word: str
) -> None:
    client.run("if object_id('{s}.t') is not null drop table {s}.t")
    client.run(f"create table {{s}}.t (at datetime2(6)) {LAYOUT}")
    pq.write_table(pa.table({"at": column}), container / "x.parquet")
    number, text = client.error(
        f"copy into {{s}}.t from '{BASE}/{{s}}/x.parquet' with (file_type = 'PARQUET')"
    )
    assert number == 106000
    assert word in text


def test_csv__with_quotes_terminators_and_compression(client: Client, container: Path) -> None:
    client.run(f"create table {{s}}.t (id int, name varchar(20), day date, n int default 7) {LAYOUT}")
    (container / "a.csv").write_text(
        'id,name,day\n1,"a ""quoted"", word",2024-01-02\n2,,\n3,"two\nlines",2024-01-03\n'
    )
    client.run(
        f"copy into {{s}}.t (id 1, name 2, day 3) from '{BASE}/{{s}}/a.csv' with (file_type = 'CSV', firstrow = 2)"
    )
    assert client.rows("select * from {s}.t order by id") == [
        (1, 'a "quoted", word', dt.date(2024, 1, 2), 7), (2, None, None, 7), (3, "two\nlines", dt.date(2024, 1, 3), 7),
    ]  # fmt: skip
    with gzip.open(container / "b.txt.gz", "wt", encoding="utf-8") as file:
        file.write("4|x|31/12/2024|1\r\n")
    client.run(
        f"copy into {{s}}.t from '{BASE}/{{s}}/b.txt.gz' with (file_type = 'CSV', compression = 'GZIP', fieldterminator = '|', rowterminator = '0x0A', dateformat = 'dmy')"
    )
    assert client.rows("select day, n from {s}.t where id = 4") == [(dt.date(2024, 12, 31), 1)]


def test_csv__rejected_rows_are_written_and_counted(client: Client, container: Path) -> None:
    client.run(f"create table {{s}}.t (id int, name varchar(3)) {LAYOUT}")
    (container / "bad.csv").write_text("1,a\nx,b\n3,abcd\n4\n5,e\n")
    number, text = client.error(
        f"copy into {{s}}.t from '{BASE}/{{s}}/bad.csv' with (file_type = 'CSV', maxerrors = 2)"
    )
    assert number == 13813
    assert "3 rows were rejected" in text
    assert client.rows("select count(*) from {s}.t") == [(0,)]
    client.run(
        f"copy into {{s}}.t from '{BASE}/{{s}}/bad.csv' with (file_type = 'CSV', maxerrors = 3, errorfile = '/{{s}}/errors')"
    )
    assert sorted(client.rows("select id from {s}.t")) == [(1,), (5,)]
    (rows,) = container.glob("errors/_rejectedrows/*/*.Row.Txt")
    assert rows.read_text() == "x,b\n3,abcd\n4\n"
    (reasons,) = container.glob("errors/_rejectedrows/*/*.Error.Txt")
    assert "line 2" in reasons.read_text()


def test_copy__of_nothing_or_from_elsewhere_is_refused(client: Client, container: Path) -> None:
    client.run(f"create table {{s}}.t (id int) {LAYOUT}")
    assert (
        client.error(f"copy into {{s}}.t from '{BASE}/{{s}}/none.csv' with (file_type = 'CSV')")[0] == 13807
    )
    assert (
        client.error("copy into {s}.t from 'https://example.com/x.csv' with (file_type = 'CSV')")[0] == 13807
    )
    assert (
        "not supported by the stand-in"
        in client.error(f"copy into {{s}}.t from '{BASE}/x.orc' with (file_type = 'ORC')")[1]
    )


def test_external_table__is_written_and_read(client: Client, container: Path) -> None:
    client.run(
        "create external data source {s}_lake with (type = hadoop, location = 'abfss://landing@lake.dfs.core.windows.net')"
    )
    client.run(
        "create external file format {s}_parquet with (format_type = parquet, data_compression = 'org.apache.hadoop.io.compress.SnappyCodec')"
    )
    client.run(f"create table {{s}}.t (id int, name varchar(5), at datetime2(6), flag bit) {LAYOUT}")
    client.run(
        "insert into {s}.t select 1, 'a', '2024-01-01 02:03:04.123456', 1 union all select 2, null, null, 0"
    )
    make = "create external table {s}.e with (location = '/{s}/out/', data_source = {s}_lake, file_format = {s}_parquet) as select * from {s}.t"
    client.run(make)
    (file,) = (container / "out").glob("*.parq")
    assert pq.ParquetFile(file).schema.column(2).physical_type == "INT96"
    assert sorted(client.rows("select * from {s}.e")) == sorted(client.rows("select * from {s}.t"))
    assert client.rows("select is_external from sys.tables where object_id = object_id('{s}.e')") == [(True,)]
    assert client.error("insert into {s}.e select 1, 'a', null, 1")[0] == 46519
    client.run("drop external table {s}.e")
    assert file.exists()
    assert "not supported by the stand-in" in client.error(make)[1]
    client.run(
        "create external table {s}.e (id int, name varchar(5), at datetime2(6), flag bit) with (location = '/{s}/out/', data_source = {s}_lake, file_format = {s}_parquet)"
    )
    assert client.rows("select count(*) from {s}.e") == [(2,)]
