"""What docs/synapse-stand-in.md says is different here from a pool, and what is refused although a pool does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyodbc
import pytest

from tests.sandbox.synapse.conftest import Client, Running

LAYOUT = "with (distribution = round_robin, heap)"


@pytest.fixture
def numbers(client: Client) -> Client:
    """A table t of the whole numbers 1 and 2."""
    client.run("if object_id('{s}.t') is not null drop table {s}.t")
    client.run(f"create table {{s}}.t (id int, v int) {LAYOUT}")
    client.run("insert into {s}.t select 1, 10 union all select 2, 20")
    return client


@pytest.fixture
def other(server: Running, client: Client) -> Iterator[Client]:
    """A second session in the same schema."""
    connection = server.connect()
    yield Client(connection, client.schema)
    connection.close()


def test_isolation__shows_no_uncommitted_rows(numbers: Client, other: Client) -> None:
    numbers.run("begin transaction update {s}.t set v = 0")
    assert other.rows("select sum(v) from {s}.t") == [(30,)]
    numbers.run("commit")
    assert other.rows("select sum(v) from {s}.t") == [(0,)]


def test_transaction__in_the_way_of_another_is_its_victim(numbers: Client, other: Client) -> None:
    numbers.run("begin transaction update {s}.t set v = 1 where id = 1")
    assert other.error("begin transaction update {s}.t set v = 2 where id = 1")[0] == 1205
    other.run("rollback")
    numbers.run("commit")
    assert numbers.rows("select v from {s}.t where id = 1") == [(1,)]


def test_error__ends_its_batch(numbers: Client) -> None:
    assert numbers.error("delete from {s}.t where id = 1; select 1 / 0; delete from {s}.t")[0] == 8134
    assert numbers.rows("select id from {s}.t") == [(2,)]


def test_identity__counts_up_without_gaps(client: Client) -> None:
    client.run(f"create table {{s}}.counted (id int identity(1, 1), v int) {LAYOUT}")
    for _ in range(2):
        client.run("insert into {s}.counted (v) select 5 union all select 6")
    assert client.rows("select id from {s}.counted order by id") == [(1,), (2,), (3,), (4,)]


def test_materialized_view__is_computed_when_it_is_read(numbers: Client) -> None:
    numbers.run(
        "create materialized view {s}.m with (distribution = hash(id)) as select id, count_big(*) as n, sum(v) as v from {s}.t group by id"
    )
    numbers.run("insert into {s}.t select 2, 1")
    assert numbers.rows("select * from {s}.m where id = 2") == [(2, 2, 21)]


def test_permissions__are_kept_and_never_enforced(numbers: Client) -> None:
    numbers.run("deny select on {s}.t to public")
    listed = "select state_desc from sys.database_permissions where major_id = object_id('{s}.t')"
    assert numbers.rows(listed) == [("DENY",)]
    assert numbers.rows("select count(*) from {s}.t") == [(2,)]


def test_copy__takes_a_path_and_looks_at_no_credential(numbers: Client, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("3,30\n")
    told = "credential = (identity = 'Shared Access Signature', secret = 'wrong')"
    numbers.run(f"copy into {{s}}.t from '{tmp_path}/a.csv' with (file_type = 'CSV', {told})")
    assert numbers.rows("select v from {s}.t where id = 3") == [(30,)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("create table {s}.x (a varchar(max)) with (distribution = round_robin, clustered columnstore index)", 35343),
        ("update {s}.keyed set id = 2", 104336),
        ("exec sp_rename '{s}.keyed', 'other'", 104387),
    ],
)  # fmt: skip
def test_error__whose_number_is_not_published_has_one_here(client: Client, text: str, number: int) -> None:
    client.run(
        "if object_id('{s}.keyed') is null create table {s}.keyed (id int) with (distribution = hash(id), heap)"
    )
    assert client.error(text)[0] == number


def test_names_of_columns__have_no_case(numbers: Client) -> None:
    assert numbers.rows("select ID from {s}.t where Id = 1") == [(1,)]
    assert numbers.error("select id from {s}.T")[0] == 208


def test_seventh_digit_of_a_second__is_zero(client: Client) -> None:
    text = "select convert(varchar(40), cast('2024-01-01 00:00:00.1234560' as datetime2(7)), 121)"
    assert client.rows(text) == [("2024-01-01 00:00:00.1234560",)]
    last = "select right(convert(varchar(40), sysutcdatetime(), 121), 1)"
    assert client.rows(last) == [("0",)]


def test_clock__stands_still_in_a_transaction(client: Client) -> None:
    client.run("begin transaction")
    first = client.rows("select sysutcdatetime()")
    client.rows("select count(*) from sys.objects as a cross join sys.columns as b")
    assert client.rows("select sysutcdatetime()") == first
    client.run("rollback")


def test_equal_texts__show_the_least_of_a_group(client: Client) -> None:
    text = "select v, count(*) from (select 'a ' as v union all select 'a') as x group by v"
    assert client.rows(text) == [("a", 2)]


def test_update__from_several_rows_for_one_takes_one_of_them(numbers: Client) -> None:
    numbers.run(
        "update {s}.t set v = x.v from (select 1 as id, 7 as v union all select 1, 8) as x where x.id = {s}.t.id"
    )
    assert numbers.rows("select v from {s}.t where id = 1")[0][0] in (7, 8)


def test_approximate_count__is_exact(client: Client) -> None:
    text = "select approx_count_distinct(a.object_id), count(distinct a.object_id) from sys.columns as a"
    ((about, exact),) = client.rows(text)
    assert about == exact > 0


REFUSED = [
    "explain select 1",
    "dbcc pdw_showspaceused('{s}.t')",
    "truncate table {s}.parted with (partitions (1))",
    "alter table {s}.parted split range (3)",
    "alter table {s}.parted merge range (2)",
    "alter table {s}.parted switch partition 1 to {s}.t partition 1",
    "insert into {s}.t exec('select 1, 2')",
    "copy into {s}.t from '/x' with (file_type = 'CSV', file_format = f)",
    "copy into {s}.t from '/x' with (file_type = 'PARQUET', auto_create_table = 'ON')",
    "copy into {s}.t from '/x' with (file_type = 'ORC')",
    "select * from {s}.texts",
    "set datefirst 1",
    "set dateformat dmy",
    "set language german",
    "update {s}.viewed set v = 1",
    "grant select on {s}.t (id) to public",
    "create function {s}.f (@a int) returns table as return (select @a as a)",
]


@pytest.mark.parametrize("text", REFUSED)
def test_valid_on_a_pool__is_refused_with_a_sentence(numbers: Client, text: str) -> None:
    if "parted" in text:
        numbers.run(
            "if object_id('{s}.parted') is null create table {s}.parted (id int, v int) with (distribution = round_robin, partition (id range right for values (1, 2)))"
        )
    if "viewed" in text:
        numbers.run("create view {s}.viewed as select id, v from {s}.t")
    if "texts" in text:
        numbers.run(
            "create external data source texts with (type = hadoop, location = 'abfss://landing@lake.dfs.core.windows.net')"
        )
        numbers.run("create external file format texts with (format_type = delimitedtext)")
        numbers.run(
            "create external table {s}.texts with (location = '/{s}/texts/', data_source = texts, file_format = texts) as select 1 as id"
        )
    number, told = numbers.error(text)
    assert (number, "not supported by the stand-in: " in told) == (49999, True)


def test_logins_and_bulk_load__are_refused(client: Client) -> None:
    assert client.error("create login l with password = 'x'")[0] == 40510
    client.run(f"create table {{s}}.loaded (id int) {LAYOUT}")
    assert client.error("insert bulk {s}.loaded (id int)")[0] == 103010


@pytest.mark.parametrize("wish", ["Encrypt", "MARS_Connection"])
def test_encryption_and_mars__are_refused_at_login(server: Running, wish: str) -> None:
    with pytest.raises(pyodbc.Error) as refused:
        server.connect(**{wish: "yes"})
    assert wish != "Encrypt" or "Encryption not supported" in str(refused.value)


def test_views_of_the_machine__beyond_requests_and_sessions_are_absent(client: Client) -> None:
    assert client.rows("select count(*) from sys.dm_pdw_exec_sessions")[0][0] > 0
    assert client.error("select * from sys.dm_pdw_waits")[0] == 208
