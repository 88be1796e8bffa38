"""What docs/redshift-stand-in.md says is different here, where no other test shows it; and that each of its rows has a test."""

from __future__ import annotations

import datetime

from tests.sandbox.pages import rows_without_a_test
from tests.sandbox.redshift.conftest import Client, Running


def test_every_row_of_the_page__names_a_test_that_exists() -> None:
    assert rows_without_a_test("redshift") == []


def test_files_below_home__are_read_and_written_by_their_paths(server: Running, client: Client) -> None:
    place = f"{server.files}/bucket/{client.schema}/"
    client.ask("create table t (a int)")
    client.ask(f"unload ('select 7 as a') to '{place}' iam_role default csv")
    client.ask(f"copy t from '{place}' iam_role default csv")
    assert client.ask("select * from t") == [[7]]


def test_isolation__is_one_for_every_database(client: Client) -> None:
    assert {row[-1] for row in client.ask("show databases")} == {"Snapshot Isolation"}


def test_create_table_as__of_a_text_without_length_is_65535_bytes(client: Client) -> None:
    client.ask("create table s (a varchar(3), b varchar(4))")
    client.ask("create table t as select a || b as c, upper(a) as d from s")
    assert client.ask(
        "select column_name, character_maximum_length from svv_columns"
        " where table_schema = current_schema() and table_name = 't' order by 1"
    ) == [["c", 7], ["d", 3]]
    client.ask("create table u as select replace(a, 'x', b) as c from s")
    assert client.ask("select type from pg_table_def where tablename = 'u'") == [["character varying(65535)"]]


def test_precedence__of_is_and_comparison_is_postgresqls(client: Client) -> None:
    assert client.ask("select 'a' <> 'b' is null") == [[False]]


def test_alias_of_the_select_list_in_having__is_refused(client: Client) -> None:
    client.ask("create table t (a int)")
    assert client.refused("select a, count(*) as n from t group by a having n > 1")["C"] == "42703"


def test_merge__into_equal_keys_updates_both(client: Client) -> None:
    client.ask("create table t (id int, n int)")
    client.ask("insert into t values (1, 1), (1, 2)")
    client.ask("create table s as select 1 as id, 9 as n")
    client.ask(
        "merge into t using s on t.id = s.id when matched then update set n = s.n when not matched then insert values (s.id, s.n)"
    )
    assert client.ask("select * from t") == [[1, 9], [1, 9]]


def test_column_names__of_expressions(client: Client) -> None:
    cursor = client.connection.cursor()
    cursor.execute("select 1 + 1, upper('a'), cast('2024-01-01' as date)")
    assert [column[0] for column in cursor.description] == ["?column?", "upper", "date"]
    assert list(cursor.fetchone()) == [2, "A", datetime.date(2024, 1, 1)]


def test_explain__shows_postgresqls_plan(client: Client) -> None:
    client.ask("create table t (a int)")
    assert client.ask("explain select * from t")[0][0].startswith("Seq Scan on t")


def test_unload__to_fixedwidth_is_not_done(client: Client) -> None:
    told = client.refused(
        "unload ('select 1 as a') to 's3://bucket/fixed/' iam_role default fixedwidth 'a:3'"
    )
    assert told["M"].startswith("not supported by the stand-in: UNLOAD with FIXEDWIDTH")
