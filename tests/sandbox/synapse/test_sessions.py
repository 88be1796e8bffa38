"""Logins, transactions, variables, prepared statements, cancelling, many clients: through Microsoft's driver."""

from __future__ import annotations

import datetime as dt
import threading
import time
from decimal import Decimal
from pathlib import Path

import pyodbc
import pytest

from tests.sandbox.synapse.conftest import Client, Running, Start


def refused(server: Running, **changed: str) -> str:
    with pytest.raises(pyodbc.Error) as caught:
        server.connect(**changed)
    return str(caught.value)


def test_login__tells_what_is_wrong(server: Running) -> None:
    assert "Login failed for user 'sandbox'. (18456)" in refused(server, PWD="wrong")
    assert 'Cannot open database "other"' in refused(server, Database="other")
    assert "(4060)" in refused(server, Database="other")
    assert "Encryption not supported" in refused(server, Encrypt="yes", TrustServerCertificate="yes")


def test_values__come_back_as_they_went(client: Client) -> None:
    client.run(
        "create table {s}.t (i int, b bit, d decimal(18,4), v varchar(20), n nvarchar(20), m nvarchar(max), dt date,"
        " at datetime2(6), tm time(3), f float, g uniqueidentifier, y varbinary(8), big bigint, mo money, ti tinyint)"
        " with (distribution = round_robin, heap)"
    )
    row = (
        7, True, Decimal("-12.3456"), "é🙂", "日本", "x" * 20_000, dt.date(1999, 12, 31),
        dt.datetime(2024, 2, 29, 23, 59, 59, 123456), dt.time(1, 2, 3), -1.5e300,
        "01234567-89AB-CDEF-0123-456789ABCDEF", b"\x00\xff", -(2**62), Decimal("-1.2345"), 255,
    )  # fmt: skip
    client.run(f"insert into {{s}}.t select {', '.join(['?'] * len(row))}", *row)
    assert client.rows("select * from {s}.t") == [row]
    client.run("insert into {s}.t (i) select null")
    assert client.rows("select * from {s}.t where i is null") == [(None,) * len(row)]


def test_time__keeps_its_fraction(client: Client) -> None:
    assert client.rows("select cast('01:02:03.004' as time(3))") == [(dt.time(1, 2, 3, 4000),)]


def test_types__are_the_declared_ones(client: Client) -> None:
    cursor = client.run(
        "select cast(1 as decimal(9,2)) as d, cast('a' as varchar(7)) as v, sysdatetime() as t, 1 as i"
    )
    assert [(c[0], c[1], c[3]) for c in cursor.description] == [
        ("d", Decimal, 9), ("v", str, 7), ("t", dt.datetime, 27), ("i", int, 10),
    ]  # fmt: skip


def test_prepared_statement__is_run_many_times(client: Client) -> None:
    client.run("create table {s}.p (id int, name varchar(10)) with (distribution = round_robin, heap)")
    cursor = client.connection.cursor()
    cursor.executemany(
        f"insert into {client.schema}.p (id, name) values (?, ?)", [(n, f"n{n}") for n in range(20)]
    )
    assert client.rows("select count(*), max(name) from {s}.p where id >= ?", 5) == [(15, "n9")]


def test_transaction__ends_whole_or_not_at_all(client: Client, server: Running) -> None:
    client.run("create table {s}.t (id int) with (distribution = round_robin, heap)")
    other = Client(server.connect(autocommit=False), client.schema)
    other.run("insert into {s}.t select 1")
    assert client.rows("select count(*) from {s}.t") == [(0,)]
    other.connection.rollback()
    other.run("insert into {s}.t select 2")
    other.connection.commit()
    assert client.rows("select id from {s}.t") == [(2,)]
    client.run("begin transaction insert into {s}.t select 3 rollback transaction")
    client.run("begin tran insert into {s}.t select 4 commit")
    assert client.rows("select id from {s}.t order by id") == [(2,), (4,)]
    other.connection.close()


def test_transaction__is_doomed_by_an_error_and_takes_no_definitions(client: Client) -> None:
    client.run("create table {s}.t (id int) with (distribution = round_robin, heap)")
    assert (
        client.error("begin tran create table {s}.u (id int) with (distribution = round_robin, heap)")[0]
        == 111212
    )
    client.run("rollback")
    assert client.error("begin tran insert into {s}.t select 1 select 1/0")[0] == 8134
    assert client.error("insert into {s}.t select 2")[0] == 111213
    assert client.error("select 1")[0] == 111213
    client.run("declare @s int = xact_state() if @s = -2 rollback")
    assert client.rows("select @@trancount, xact_state()") == [(0, 0)]
    client.run("begin tran")
    client.run("rollback")
    assert client.rows("select count(*) from {s}.t") == [(0,)]
    assert client.error("commit")[0] == 111214


def test_variables_and_flow__as_t_sql_has_them(client: Client) -> None:
    assert client.rows(
        "declare @n int = 0, @t varchar(20) = 'a' while @n < 3 begin set @n = @n + 1 set @t = @t + 'b' end "
        "if @n = 3 select @n as n, @t as t else select 0 as n, '' as t"
    ) == [(3, "abbb")]
    assert client.rows(
        "begin try select 1/0 end try begin catch select error_number(), error_message() end catch"
    ) == [(8134, "Divide by zero error encountered.")]
    assert client.rows("exec sp_executesql N'select @a + 1 as x', N'@a int', @a = 41") == [(42,)]
    client.run("create procedure {s}.twice @n int, @r int output as set @r = @n * 2")
    assert client.rows("declare @r int exec {s}.twice @n = 4, @r = @r output select @r") == [(8,)]
    assert client.error("throw 51000, 'my own', 1")[0] == 51000
    assert client.error("raiserror('it is %s', 16, 1, 'bad')")[1].count("it is bad") == 1


def test_temporary_table__is_of_its_session(client: Client, server: Running) -> None:
    client.run("create table #t (id int) with (distribution = round_robin, heap)")
    client.run("insert into #t select 5")
    client.run("select id * 2 as twice into #u from #t")
    assert client.rows("select twice from #u") == [(10,)]
    other = Client(server.connect(), client.schema)
    assert other.error("select * from #t")[0] == 208
    other.connection.close()


def test_cancelled_query__leaves_a_session_that_works(client: Client) -> None:
    client.run("create table {s}.n (i bigint) with (distribution = round_robin, heap)")
    client.run(
        "insert into {s}.n select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6"
    )
    for _ in range(3):
        client.run("insert into {s}.n select a.i from {s}.n as a cross join {s}.n as b")
    client.connection.timeout = 1
    began = time.monotonic()
    with pytest.raises(pyodbc.Error) as caught:
        client.run(
            "select count(*) from {s}.n as a cross join {s}.n as b cross join {s}.n as c where (a.i * b.i * c.i) % 7 = 9"
        )
    assert "Query timeout expired" in str(caught.value)
    assert time.monotonic() - began < 10
    client.connection.timeout = 0
    assert client.rows("select 1") == [(1,)]


def test_many_clients__write_at_one_time(client: Client, server: Running) -> None:
    client.run("create table {s}.t (who int, n int) with (distribution = round_robin, heap)")
    faults: list[str] = []

    def work(who: int) -> None:
        try:
            mine = Client(server.connect(), client.schema)
            for n in range(5):
                mine.run("insert into {s}.t (who, n) select ?, ?", who, n)
                mine.run(
                    f"create table {{s}}.own_{who}_{n} with (distribution = round_robin, heap) as select * from {{s}}.t"
                )
                mine.run(f"rename object {{s}}.own_{who}_{n} to kept_{who}_{n}")
                mine.run("update {s}.t set n = n where who = ?", who)
            mine.connection.close()
        except pyodbc.Error as error:
            faults.append(str(error))

    threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert client.rows("select count(*) from {s}.t") == [(40,)]
    assert client.rows(
        "select count(*) from sys.tables where schema_id = schema_id('{s}') and name like 'kept%'"
    ) == [(40,)]


def test_state__is_whole_after_a_kill(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path)
    mine = Client(first.connect(), "dbo")
    mine.run(
        "create table dbo.kept (id int, name varchar(5)) with (distribution = hash(id), clustered columnstore index)"
    )
    mine.run("insert into dbo.kept select 1, 'a'")
    mine.run("create view dbo.seen as select id, name from dbo.kept")
    doomed = Client(first.connect(autocommit=False), "dbo")
    doomed.run("insert into dbo.kept select 2, 'b'")
    first.kill()
    second = start(tmp_path)
    again = Client(second.connect(), "dbo")
    assert again.rows("select * from dbo.seen") == [(1, "a")]
    assert again.rows(
        "select distribution_policy_desc from sys.pdw_table_distribution_properties where object_id = object_id('dbo.kept')"
    ) == [("HASH",)]
    again.connection.close()
    assert second.stop() == 0


def test_second_server__on_the_same_state_is_refused(start: Start, server: Running, tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.sandbox.synapse.conftest import ROOT

    start(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.synapse", "--port", "0", "--folder", str(tmp_path / "state")],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot be opened" in done.stderr
    taken = subprocess.run(
        [sys.executable, "-m", "sandbox.synapse", "--port", str(server.port), "--memory"],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert taken.returncode == 2
    assert "give another with --port" in taken.stderr
