"""What the real driver gets: types, formats, parameters, prepared statements, errors' fields, transactions."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
import redshift_connector

from tests.sandbox.redshift.conftest import Client, Running, Told


def test_values__come_as_the_drivers_types(client: Client) -> None:
    rows = client.ask(
        "select cast(1 as smallint), 2, cast(3 as bigint), cast(1.50 as numeric(9,2)), cast(2.5 as double precision), true,"
        " cast('2024-02-29' as date), cast('2024-02-29 12:34:56.123456' as timestamp), 'ž', cast(null as int)"
    )
    assert rows == [
        [1, 2, 3, Decimal("1.50"), 2.5, True, datetime.date(2024, 2, 29),
         datetime.datetime(2024, 2, 29, 12, 34, 56, 123456), "ž", None]
    ]  # fmt: skip


def test_types__are_redshifts(client: Client) -> None:
    client.ask("create table t (s super, v varchar(5), b varbyte(3), c char(2))")
    assert client.types("select s, v, b, c from t") == [4000, 1043, 6551, 1042]
    assert client.types("select nspname from pg_namespace") == [1043]
    client.ask("insert into t (b) values ('abc')")
    assert client.ask("select b from t") == [["abc"]]  # the driver reads the hexadecimal digits


def test_parameters__of_every_paramstyle(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.ask("create table t (a int, b varchar(20), c date)")
    client.ask("insert into t values (%s, %s, %s)", 1, "it's", datetime.date(2024, 1, 2))
    client.ask("insert into t values (%s, %s, %s)", None, None, None)
    assert client.ask("select * from t where a = %s", 1) == [[1, "it's", datetime.date(2024, 1, 2)]]
    cursor = client.connection.cursor()
    cursor.paramstyle = "named"
    cursor.execute("select b from t where a = :number", {"number": 1})
    assert [list(row) for row in cursor.fetchall()] == [["it's"]]


def test_same_text_after_another_sessions_ddl__is_prepared_anew(client: Client, other: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("insert into t values (1)")
    assert other.ask("select * from t") == [[1]]
    client.ask("alter table t add column b varchar(5)")
    assert other.connection.cursor().execute("select a from t").fetchall() == ([1],)
    client.ask("drop table t")
    client.ask("create table t (a varchar(5))")
    client.ask("insert into t values ('x')")
    assert other.ask("select a as a from t") == [["x"]]


def test_plan_of_a_prepared_statement__follows_the_table(
    server: Running, client: Client, other: Client
) -> None:
    client.ask("create table t (a int)")
    for _ in range(3):
        other.ask("insert into t values (7)")
    client.ask("drop table t")
    client.ask("create table t (a bigint)")
    other.ask("insert into t values (7)")
    assert client.ask("select a from t") == [[7]]


def test_errors__have_redshifts_codes_and_fields(client: Client) -> None:
    fields = client.refused("select * from nowhere")
    assert (fields["S"], fields["C"], fields["M"]) == ("ERROR", "42P01", 'relation "nowhere" does not exist')
    assert set(fields) <= set("SCMDHPFLR")
    client.ask("create table t (a int, v varchar(3) not null)")
    assert client.refused("select b from t")["C"] == "42703"
    assert client.refused("selec 1")["C"] == "42601"
    assert client.refused("insert into t values (1, null)")["C"] == "23502"


def test_varchar__counts_bytes(client: Client) -> None:
    client.ask("create table t (v varchar(4), c char(2))")
    client.ask("insert into t values ('čč', 'ab')")
    fields = client.refused("insert into t values ('ččč', 'a')")
    assert (fields["C"], fields["M"]) == ("22001", "value too long for type character varying(4)")
    client.ask("create table s as select v from t")
    assert client.refused("insert into s values ('ččč')")["C"] == "22001"
    client.ask("alter table t add column w varchar(2)")
    assert client.refused("insert into t (w) values ('aaa')")["C"] == "22001"


def test_refused_statement__fails_the_transaction(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("begin")
    client.ask("insert into t values (1)")
    assert "generate_series" in client.refused("select generate_series(1, 2)")["M"]
    assert client.refused("select 1")["C"] == "25P02"
    client.ask("rollback")
    assert client.ask("select count(*) from t") == [[0]]


def test_ddl__is_transactional(client: Client, other: Client) -> None:
    client.ask("begin")
    client.ask("create table t (a int) diststyle all")
    with pytest.raises(Told):
        other.ask("select * from t")
    client.ask("rollback")
    assert client.refused("select * from t")["C"] == "42P01"
    client.ask("create table t (a int)")
    client.ask("insert into t values (1)")
    assert client.ask(
        "select diststyle from svv_table_info where \"table\" = 't' and schema = current_schema()"
    ) == [["AUTO(ALL)"]]


def test_snapshot_conflict__is_error_1023(client: Client, other: Client) -> None:
    client.ask("create table rows_of_both (n int)")
    client.ask("insert into rows_of_both values (1), (2)")
    for each in (client, other):
        each.ask("begin")
        each.ask("select * from rows_of_both")
    client.ask("update rows_of_both set n = 10 where n = 1")
    client.ask("commit")
    place = client.schema
    assert other.refused(f"update {place}.rows_of_both set n = 11 where n = 1")["M"] == "1023"
    other.ask("rollback")
    # each reads what the other writes, and both may: what serializable isolation would refuse
    for each in (client, other):
        each.ask("begin")
        each.ask(f"select * from {place}.rows_of_both")
        each.ask(f"insert into {place}.rows_of_both values (3)")
    client.ask("commit")
    other.ask("commit")
    assert client.ask("select n from rows_of_both order by n") == [[2], [3], [3], [10]]


def test_late_view_that_two_transactions_bind__ends_neither(client: Client, other: Client) -> None:
    place = client.schema
    columns = f"select col_name from pg_get_late_binding_view_cols() cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int) where view_schema = '{place}' order by col_num"
    client.ask(f"create table {place}.under (a int)")
    client.ask(f"create view {place}.late as select * from {place}.under with no schema binding")
    client.ask(f"alter table {place}.under add column b int")
    for each in (client, other):
        each.ask("begin")
        each.ask("select count(*) from pg_class")
    assert client.ask(columns) == [["a"], ["b"]]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(other.ask, columns)
        time.sleep(0.5)
        client.ask("commit")
        # the view as the transaction's snapshot has it
        assert waiting.result(timeout=30) == [["a"]]
    other.ask("commit")
    assert other.ask(columns) == [["a"], ["b"]]


def test_serializable_conflict__is_error_1023(start: Callable[..., Running], tmp_path: Path) -> None:
    # the example of c_serial_isolation: each reads what the other writes
    running = start(tmp_path, "--memory", "--isolation", "serializable")
    client, other = (Client(running.connect(), "public") for _ in range(2))
    assert {row[-1] for row in client.ask("show databases")} == {"Serializable"}
    client.ask("create table tab1 (n int)")
    client.ask("create table tab2 (n int)")
    client.ask("insert into tab1 values (1)")
    client.ask("insert into tab2 values (1)")
    client.ask("begin")
    other.ask("begin")
    client.ask("select * from tab1")
    client.ask("insert into tab2 values (1)")
    other.ask("select * from tab2")
    other.ask("insert into tab1 values (1)")
    client.ask("commit")
    fields = other.refused("commit")
    assert fields["M"] == "1023"
    assert "Serializable isolation violation on table" in fields["D"]
    assert other.ask("select count(*) from tab1") == [[1]]


def test_constraints__are_kept_but_not_enforced(client: Client) -> None:
    client.ask("create table p (id int primary key)")
    client.ask("create table t (id int primary key, u int unique, p int references p (id))")
    client.ask("insert into t values (1, 1, 99), (1, 1, 99)")
    assert client.ask("select count(*) from t") == [[2]]


def test_session__settings(client: Client) -> None:
    client.ask("set query_group to 'nightly'")
    assert client.ask("show query_group") == [["nightly"]]
    client.ask("reset query_group")
    assert client.ask("show query_group") == [["unset"]]
    assert client.refused("set nonsense to 1")["C"] == "42704"
    assert (
        "not supported by the stand-in" in client.refused("set describe_field_name_in_uppercase to on")["M"]
    )
    client.ask("set search_path to elsewhere, public")
    assert client.ask("show search_path") == [["elsewhere, public"]]
    assert client.ask("select current_schema()") == [["public"]]


def test_empty_statement_and_comments(client: Client) -> None:
    with pytest.raises(redshift_connector.ProgrammingError, match="query was empty"):
        client.connection.cursor().execute("-- nothing")
    assert client.ask("/* a */ select 1 -- b") == [[1]]


def test_truncate__commits(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("create table u (a int)")
    client.ask("insert into t values (1)")
    client.ask("begin")
    client.ask("insert into u values (1)")
    client.ask("truncate t")
    client.ask("rollback")
    assert client.ask("select (select count(*) from t), (select count(*) from u)") == [[0, 1]]


def test_intervals__come_as_redshifts_clients_read_them(client: Client) -> None:
    """12 bytes, microseconds and months: a client that finds PostgreSQL's 16 takes three days for three months."""
    assert client.ask("select interval '3 days 4 hours', interval '-1 day', null::interval") == [
        [datetime.timedelta(days=3, hours=4), datetime.timedelta(days=-1), None]
    ]
    told = client.ask("select interval '1 year 2 months 3 days'")[0][0]
    assert (told.months, told.microseconds) == (14, 3 * 86_400_000_000)
    assert client.ask(
        "select timestamp '2024-01-03' - timestamp '2024-01-01' as d, 'abc'::varbyte as b, 1 as n"
    ) == [[datetime.timedelta(days=2), "abc", 1]]
