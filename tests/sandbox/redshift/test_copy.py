"""COPY and UNLOAD: formats, options, errors and what they leave, transactions."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.sandbox.redshift.conftest import Client, Running, Told

BUCKET = "s3://bucket/"


@pytest.fixture
def folder(server: Running, schema: str) -> Path:
    """The prefix s3://bucket/<schema>/ of a test."""
    made = server.files / "bucket" / schema
    made.mkdir(parents=True)
    return made


@pytest.fixture
def table(client: Client) -> Client:
    client.ask("create table t (id int, name varchar(10), joined date)")
    return client


def copy(client: Client, options: str, name: str = "", target: str = "t") -> list[list[Any]]:
    client.ask(f"copy {target} from '{BUCKET}{client.schema}/{name}' iam_role default {options}")
    return client.ask(f"select * from {target.split('(')[0]} order by 1")


def last_error(client: Client) -> list[Any]:
    """File's name, line, column, code and reason of the newest load error."""
    row = client.ask(
        "select filename, line_number, colname, err_code, err_reason, raw_field_value from stl_load_errors"
        " where tbl = (select oid from pg_class where relname = 't' and relnamespace ="
        " (select oid from pg_namespace where nspname = current_schema())) order by query desc limit 1"
    )[0]
    return [row[0].strip().rpartition("/")[2], row[1], row[2].strip(), row[3], row[4].strip(), row[5].strip()]


def test_csv(table: Client, folder: Path) -> None:
    (folder / "a.csv").write_text('id,name,joined\n1,"a ""q"", b",2024-01-02\n2,,\n', encoding="utf-8")
    (folder / "b.csv").write_text("id,name,joined\n3,\\N,2024-02-29\n", encoding="utf-8")
    assert copy(table, "csv ignoreheader 1") == [
        [1, 'a "q", b', date(2024, 1, 2)],
        [2, "", None],
        [3, None, date(2024, 2, 29)],
    ]
    assert table.ask("select pg_last_copy_count()") == [[3]]


def test_delimited__with_escapes_blanks_and_nulls(table: Client, folder: Path) -> None:
    (folder / "a.txt").write_text("1|a\\|b|2024-01-02\n2|  |\n3|NIL|\n4|x   |\n", encoding="utf-8")
    assert copy(table, "delimiter '|' escape blanksasnull trimblanks null as 'NIL'") == [
        [1, "a|b", date(2024, 1, 2)],
        [2, None, None],
        [3, None, None],
        [4, "x", None],
    ]


@pytest.mark.parametrize(
    ("content", "options", "rows"),
    [
        ("1,abcdefghijklmno,2024-01-02\n", "csv truncatecolumns", [[1, "abcdefghij", date(2024, 1, 2)]]),
        ("1,ččččččč,2024-01-02\n", "csv truncatecolumns", [[1, "ččččč", date(2024, 1, 2)]]),
        ("1,a\n", "csv fillrecord", [[1, "a", None]]),
        ("1,a,31/12/2024\n", "csv dateformat 'DD/MM/YYYY'", [[1, "a", date(2024, 12, 31)]]),
        ("1,a,nonsense\n", "csv acceptanydate dateformat 'YYYY-MM-DD'", [[1, "a", None]]),
        ("1,a,2024-01-01\n\n2,b,2024-01-01\n", "csv ignoreblanklines", [[1, "a", date(2024, 1, 1)], [2, "b", date(2024, 1, 1)]]),
        ("1;a;2024-01-01\n", "csv delimiter ';' compupdate off statupdate off region 'eu-west-1'", [[1, "a", date(2024, 1, 1)]]),
        ("1\ta\t2024-01-01\n", "delimiter '\\t'", [[1, "a", date(2024, 1, 1)]]),
        ("1,,2024-01-01\n", "csv emptyasnull", [[1, None, date(2024, 1, 1)]]),
    ],
)  # fmt: skip
def test_option(table: Client, folder: Path, content: str, options: str, rows: list[list[Any]]) -> None:
    (folder / "a").write_text(content, encoding="utf-8")
    assert copy(table, options) == rows


def test_gzip_and_invalid_characters(table: Client, folder: Path) -> None:
    (folder / "a.gz").write_bytes(gzip.compress(b"1,a\xffb,2024-01-01\n"))
    assert copy(table, "csv gzip acceptinvchars as '^'") == [[1, "a^b", date(2024, 1, 1)]]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            "1,a,2024-01-01\n2x,b,2024-01-01\n",
            [2, "id", 1207, "Invalid digit, Value 'x', Pos 1, Type: Integer", "2x"],
        ),
        ("1,a,2024-01-01\n2,b\n", [2, "", 1214, "Delimiter not found", ""]),
        ("1,a,2024-01-01,more\n", [1, "", 1202, "Extra column(s) found", ""]),
        (
            "1,a,01/02/2024\n",
            [1, "joined", 1205, "Invalid Date Format - length must be 10 or more", "01/02/2024"],
        ),
        (
            "1,a,2024-02-30\n",
            [1, "joined", 1205, "Invalid Date Format - length must be 10 or more", "2024-02-30"],
        ),
        ("1,abcdefghijk,2024-01-01\n", [1, "name", 1204, "String length exceeds DDL length", "abcdefghijk"]),
        ("99999999999,a,2024-01-01\n", [1, "id", 1222, "Integer value overflow", "99999999999"]),
    ],
)
def test_bad_row__loads_nothing_and_is_listed(
    table: Client, folder: Path, content: str, error: list[Any]
) -> None:
    (folder / "a_good").write_text("7,g,2024-01-01\n", encoding="utf-8")
    (folder / "b_bad").write_text(content, encoding="utf-8")
    with pytest.raises(Told, match="Load into table 't' failed"):
        copy(table, "csv")
    assert table.ask("select count(*) from t") == [[0]]
    assert last_error(table) == ["b_bad", *error]


def test_bytes_too_many__are_listed(table: Client, folder: Path) -> None:
    (folder / "a").write_text("1,ččččččč,2024-01-01\n", encoding="utf-8")
    with pytest.raises(Told, match="Load into table 't' failed"):
        copy(table, "csv")
    assert last_error(table)[:5] == ["a", 1, "name", 1204, "String length exceeds DDL length"]


def test_maxerror__skips_rows_and_lists_them(table: Client, folder: Path) -> None:
    (folder / "a").write_text("x,a,2024-01-01\n2,b,2024-01-01\n", encoding="utf-8")
    assert copy(table, "csv maxerror 1") == [[2, "b", date(2024, 1, 1)]]
    assert last_error(table)[:4] == ["a", 1, "id", 1207]


def test_missing__prefix_bucket_and_mandatory_file(table: Client, folder: Path) -> None:
    with pytest.raises(Told, match=f"The specified S3 prefix '{table.schema}/nothing' does not exist"):
        copy(table, "csv", "nothing")
    assert "NoSuchBucket" in table.refused("copy t from 's3://nowhere/x' iam_role default csv")["M"]
    (folder / "m").write_text(
        json.dumps({"entries": [{"url": f"{BUCKET}{table.schema}/gone", "mandatory": True}]})
    )
    with pytest.raises(Told, match="gone"):
        copy(table, "csv manifest", "m")
    assert "only s3://" in table.refused("copy t from '/etc/hostname' iam_role default csv")["M"]


def test_manifest__names_the_files(table: Client, folder: Path) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.csv").write_text(f"1,{name},\n", encoding="utf-8")
    entries = [{"url": f"{BUCKET}{table.schema}/{name}.csv", "mandatory": True} for name in ("one", "three")]
    (folder / "m").write_text(
        json.dumps({"entries": [*entries, {"url": f"{BUCKET}{table.schema}/gone", "mandatory": False}]})
    )
    assert sorted(row[1] for row in copy(table, "csv manifest", "m")) == ["one", "three"]


def write(file: Path, **columns: pa.Array) -> None:
    parquet.write_table(pa.table(columns), file)


def test_parquet__by_position_with_every_type(client: Client, folder: Path) -> None:
    client.ask(
        "create table t (i int, s smallint, b bigint, n numeric(18,4), v varchar(10), d date, ts timestamp, f double precision, ok boolean)"
    )
    write(
        folder / "a.parquet", one=pa.array([1], pa.int32()), two=pa.array([2], pa.int16()), three=pa.array([3], pa.int64()),
        four=pa.array([Decimal("1.2345")], pa.decimal128(18, 4)), five=pa.array(["č,\"\n"]), six=pa.array([date(2024, 1, 2)]),
        seven=pa.array([datetime(2024, 1, 2, 3, 4, 5, 678901)], pa.timestamp("us")), eight=pa.array([2.5]), nine=pa.array([True]),
    )  # fmt: skip
    write(
        folder / "b.parquet", **{name: pa.nulls(1, kind) for name, kind in (
            ("a", pa.int32()), ("b", pa.int16()), ("c", pa.int64()), ("d", pa.decimal128(18, 4)), ("e", pa.string()), ("f", pa.date32()),
            ("g", pa.timestamp("us")), ("h", pa.float64()), ("i", pa.bool_()))},
    )  # fmt: skip
    assert copy(client, "format as parquet") == [
        [
            1,
            2,
            3,
            Decimal("1.2345"),
            'č,"\n',
            date(2024, 1, 2),
            datetime(2024, 1, 2, 3, 4, 5, 678901),
            2.5,
            True,
        ],
        [None] * 9,
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"a": pa.array([1], pa.int32())}, "Unmatched number of columns between table and file. Table columns: 3, Data columns: 1"),
        ({"a": pa.array(["1"]), "b": pa.array(["x"]), "c": pa.array([date(2024, 1, 1)])}, "incompatible Parquet schema for column 'id'"),
        ({"a": pa.array([1], pa.int64()), "b": pa.array(["x"]), "c": pa.array([date(2024, 1, 1)])}, "Column type: INTEGER, Parquet schema: int64"),
        ({"a": pa.array([1], pa.int32()), "b": pa.array(["abcdefghijk"]), "c": pa.array([date(2024, 1, 1)])}, "Table: 10, Data: 11"),
    ],
)  # fmt: skip
def test_parquet_that_does_not_fit__is_refused(
    table: Client, folder: Path, columns: dict[str, pa.Array], said: str
) -> None:
    write(folder / "a.parquet", **columns)
    with pytest.raises(Told) as told:
        copy(table, "format as parquet")
    assert said in told.value.fields["M"]
    assert table.ask("select count(*) from t") == [[0]]


def test_unreadable_parquet__loads_nothing(table: Client, folder: Path) -> None:
    write(
        folder / "a.parquet", a=pa.array([1], pa.int32()), b=pa.array(["x"]), c=pa.array([date(2024, 1, 1)])
    )
    (folder / "b.parquet").write_bytes((folder / "a.parquet").read_bytes()[:-20])
    with pytest.raises(Told, match=r"b\.parquet' cannot be read as parquet"):
        copy(table, "format as parquet")
    assert table.ask("select count(*) from t") == [[0]]
    with pytest.raises(Told, match="MAXERROR argument is not supported for PARQUET based COPY"):
        copy(table, "format as parquet maxerror 3")


def test_json__auto_paths_and_noshred(table: Client, folder: Path) -> None:
    (folder / "a.json").write_text(
        '{"id": 1, "name": "a", "joined": "2024-01-01", "more": 1}\n{"name": null, "id": 2}\n',
        encoding="utf-8",
    )
    assert copy(table, "json 'auto'", "a.json") == [[1, "a", date(2024, 1, 1)], [2, None, None]]
    table.ask("truncate t")
    (folder / "b.json").write_text(
        '{"who": {"n": 5}, "list": ["x", "y"], "d": "2024-03-01"}', encoding="utf-8"
    )
    (folder / "paths").write_text(json.dumps({"jsonpaths": ["$['who']['n']", "$.list[1]", "$.d"]}))
    assert copy(table, f"json '{BUCKET}{table.schema}/paths'", "b.json") == [[5, "y", date(2024, 3, 1)]]
    table.ask("create table s (whole super)")
    copy(table, "json 'noshred'", "b.json", "s")
    assert table.ask("select json_extract_path_text(json_serialize(whole), 'who', 'n') from s") == [["5"]]
    (folder / "c.json").write_text('{"id": 1', encoding="utf-8")
    with pytest.raises(Told, match="Load into table 't' failed"):
        copy(table, "json 'auto'", "c.json")
    assert last_error(table)[3] == 1216


def test_columns__listed_defaults_and_identity(client: Client, folder: Path) -> None:
    client.ask("create table t (id int identity(1, 1), a varchar(5) default 'none', b int)")
    (folder / "a").write_text("7\n", encoding="utf-8")
    assert copy(client, "csv", target="t(b)") == [[1, "none", 7]]
    client.ask("truncate t")
    (folder / "a").write_text("x,8\n", encoding="utf-8")
    assert [row[1:] for row in copy(client, "csv")] == [["x", 8]]
    with pytest.raises(Told, match="EXPLICIT_IDS"):
        copy(client, "csv", target="t(id, b)")


def test_copy__is_part_of_the_transaction(table: Client, folder: Path) -> None:
    (folder / "a").write_text("1,a,\n", encoding="utf-8")
    table.ask("begin")
    copy(table, "csv")
    table.ask("rollback")
    assert table.ask("select count(*) from t") == [[0]]
    (folder / "a").write_text("x,a,\n", encoding="utf-8")
    table.ask("begin")
    with pytest.raises(Told):
        copy(table, "csv")
    assert table.refused("select 1")["C"] == "25P02"
    table.ask("rollback")
    assert last_error(table)[3] == 1207  # the list outlives the rollback


def test_what_is_not_done__is_told(table: Client, folder: Path) -> None:
    (folder / "a").write_text("1,a,\n", encoding="utf-8")
    for options in (
        "fixedwidth 'id:3,name:4,joined:10'",
        "format as avro 'auto'",
        "csv encoding utf16",
        "csv lzop",
    ):
        with pytest.raises(Told, match="not supported by the stand-in"):
            copy(table, options)


def test_unload__in_each_format_and_back(table: Client, folder: Path) -> None:
    table.ask("insert into t values (1, 'a|\"b', '2024-01-02'), (2, null, null), (3, '', '2024-02-29')")
    rows = table.ask("select * from t order by 1")
    for options, loading in (
        ("format as parquet", "format as parquet"),
        ("format as csv", "csv emptyasnull"),
        ("delimiter '|' addquotes escape null as '@'", "delimiter '|' removequotes escape null as '@'"),
        ("format as json", "json 'auto'"),
        ("format as csv header gzip", "csv gzip ignoreheader 1 emptyasnull"),
    ):
        prefix = f"{BUCKET}{table.schema}/out{abs(hash(options))}/"
        table.ask(f"unload ('select * from t order by id') to '{prefix}' iam_role default {options}")
        table.ask("truncate t")
        table.ask(f"copy t from '{prefix}' iam_role default {loading}")
        expected = [[a, b or None, c] for a, b, c in rows] if "csv" in options else rows
        assert table.ask("select * from t order by 1") == expected, options
        table.ask("truncate t")
        table.ask("insert into t values (1, 'a|\"b', '2024-01-02'), (2, null, null), (3, '', '2024-02-29')")


def test_unload__writes_over_only_when_allowed(table: Client, folder: Path) -> None:
    target = f"to '{BUCKET}{table.schema}/out_' iam_role default"
    table.ask(f"unload ('select 1 as n') {target} parallel off manifest")
    assert sorted(f.name for f in folder.iterdir()) == ["out_000", "out_manifest"]
    assert (
        json.loads((folder / "out_manifest").read_text())["entries"][0]["url"]
        == f"{BUCKET}{table.schema}/out_000"
    )
    assert "is not empty" in table.refused(f"unload ('select 2 as n') {target} parallel off")["M"]
    table.ask(f"unload ('select 2 as n') {target} parallel off allowoverwrite")
    assert (folder / "out_000").read_text() == "2\n"
    assert table.refused(f"unload ('select * from nowhere') {target} allowoverwrite")["C"] == "42P01"


PARTITIONED = (
    "unload ('select 1 as a, true as b, ''x/y'' as c union all select 2, false, null"
    " union all select 3, true, ''x/y''') to"
)


def files(folder: Path) -> dict[str, str]:
    return {
        f.relative_to(folder).as_posix(): f.read_bytes().decode(errors="replace")
        for f in folder.rglob("*")
        if f.is_file()
    }


def test_unload__partitioned(client: Client, folder: Path) -> None:
    target = f"'{BUCKET}{client.schema}/out/' iam_role default"
    client.ask(f"{PARTITIONED} {target} csv partition by (b, c)")
    assert files(folder) == {
        "out/b=false/c=__HIVE_DEFAULT_PARTITION__/0000_part_00": "2\n",
        "out/b=true/c=x%2Fy/0000_part_00": "1\n3\n",
    }
    client.ask(f"{PARTITIONED} {target} csv header partition by (b) include parallel off allowoverwrite")
    assert files(folder)["out/b=true/000"] == "a,b,c\n1,t,x/y\n3,t,x/y\n"
    client.ask("unload ('select 9 as a, true as b') to " + target + " parquet partition by (b) cleanpath")
    assert sorted(files(folder / "out" / "b=false")) == ["000", "c=__HIVE_DEFAULT_PARTITION__/0000_part_00"]
    (left,) = (f for f in (folder / "out" / "b=true").rglob("*") if f.is_file())
    assert parquet.ParquetFile(left).read().to_pydict() == {"a": [9]}


@pytest.mark.parametrize(
    ("query", "options", "said"),
    [
        ("select 1 as a", "csv partition by (a)", "at least one column"),
        ("select 1 as a", "csv partition by (b)", 'column "b" of PARTITION BY is not in the query'),
        ("select 1 as a, 2.5::float8 as b", "csv partition by (b)", 'type of column "b"'),
        ("select 1 as a, 2 as b", "csv partition by (b) manifest", "does not take MANIFEST"),
    ],
)
def test_unload__partitions_that_cannot_be(
    client: Client, folder: Path, query: str, options: str, said: str
) -> None:
    target = f"'{BUCKET}{client.schema}/out/' iam_role default"
    assert said in client.refused(f"unload ('{query}') to {target} {options}")["M"]
    assert files(folder) == {}
