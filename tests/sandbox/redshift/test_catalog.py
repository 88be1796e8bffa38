"""System tables and views, layouts, views of three kinds, names, grants: as SQL of Redshift's users asks for them."""

from __future__ import annotations

import time

import pytest

from tests.sandbox.redshift.conftest import Client

LONG = "l" * 120


def test_layout__is_read_back(client: Client) -> None:
    client.ask(
        "create table t (id int encode az64, b varchar(12), c date) diststyle key distkey (id) compound sortkey (c, b)"
    )
    assert (
        client.ask("select * from svv_table_info where schema = current_schema()") == []
    )  # an empty table is not listed
    client.ask("insert into t values (1, 'x', '2024-01-01')")
    assert client.ask(
        'select "table", encoded, diststyle, sortkey1, sortkey_num, max_varchar, tbl_rows from svv_table_info where schema = current_schema()'
    ) == [["t", "Y", "KEY(id)", "c", 2, 12, 1]]
    assert client.ask("select \"column\", distkey, sortkey from pg_table_def where tablename = 't' order by sortkey") == [
        ["id", True, 0], ["c", False, 1], ["b", False, 2],
    ]  # fmt: skip
    client.ask("create table i (a int, b int) interleaved sortkey (a, b)")
    assert client.ask(
        "select attname, attsortkeyord from pg_attribute where attrelid = 'i'::regclass and attnum > 0 order by 1"
    ) in ([["a", 1], ["b", -2]],)
    client.ask("alter table t alter diststyle all")
    client.ask("alter table t rename to u")
    assert client.ask('select "table", diststyle from svv_table_info where schema = current_schema()') == [
        ["u", "ALL"]
    ]
    client.ask("create table copy_of (like u)")
    client.ask("create table made diststyle even as select 1 as n")
    assert client.ask(
        "select reldiststyle from pg_class where relname = 'made' and relnamespace = (select oid from pg_namespace where nspname = current_schema())"
    ) == [[0]]


def test_our_own_things__are_hidden(client: Client) -> None:
    client.ask("create table t (v varchar(3))")
    assert (
        client.ask("select nspname from pg_namespace where nspname in ('redshift', 'redshift_catalog')") == []
    )
    assert (
        client.ask("select table_name from information_schema.tables where table_schema = 'redshift_catalog'")
        == []
    )
    assert client.ask("select count(*) from pg_catalog.pg_class where relname = 'load_errors'") == [[0]]
    assert client.ask("select current_schema()") == [[client.schema]]


def test_information_schema__speaks_redshifts_types(client: Client) -> None:
    client.ask(
        "create table t (a int, b varchar(7), c numeric(9,2), d timestamp, e super, f text, g boolean)"
    )
    assert client.ask(
        "select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale"
        " from information_schema.columns where table_schema = current_schema() order by ordinal_position"
    ) == [
        ["a", "integer", None, 32, 0], ["b", "character varying", 7, None, None], ["c", "numeric", None, 9, 2],
        ["d", "timestamp without time zone", None, None, None], ["e", "super", None, None, None],
        ["f", "character varying", 256, None, None], ["g", "boolean", None, None, None],
    ]  # fmt: skip


def test_view__keeps_its_text_and_its_tables(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("create view v as select a, getdate() as now from t")
    assert client.ask(
        "select definition from pg_views where viewname = 'v' and schemaname = current_schema()"
    ) == [["select a, getdate() as now from t"]]
    assert client.refused("drop table t")["C"] == "2BP01"
    client.ask("drop table t cascade")
    assert client.refused("select * from v")["C"] == "42P01"


def test_late_binding_view__follows_its_table(client: Client) -> None:
    s = client.schema
    client.ask(f"create table {s}.t (a int)")
    client.ask(f"create view {s}.late as select * from {s}.t with no schema binding")
    client.ask(f"create view {s}.later as select * from {s}.late with no schema binding")
    assert client.ask(f"select * from {s}.later") == []
    client.ask(f"drop table {s}.t")
    fields = client.refused(f"select * from {s}.later")
    assert (fields["C"], f"{s}.t" in fields["M"]) == ("42P01", True)
    client.ask(f"create table {s}.t (a varchar(3), b int)")
    client.ask(f"insert into {s}.t values ('x', 2)")
    assert client.ask(f"select * from {s}.later") == [["x", 2]]
    client.ask(f"alter table {s}.t add column c date")
    assert client.ask(f"select * from {s}.late") == [["x", 2, None]]
    assert client.ask(
        "select view_name, col, type from pg_get_late_binding_view_cols()"
        f" cols(s name, view_name name, col name, type varchar, i int) where s = '{s}' and view_name = 'later' order by i"
    ) == [["later", "a", "character varying(3)"], ["later", "b", "integer"], ["later", "c", "date"]]


def test_late_binding_view__can_come_before_its_table(client: Client) -> None:
    s = client.schema
    client.ask(f"create view {s}.early as select a from {s}.t with no schema binding")
    assert client.refused(f"select * from {s}.early")["C"] == "42P01"
    client.ask(f"create table {s}.t (a int)")
    assert client.ask(f"select * from {s}.early") == []
    assert client.refused("create view unqualified as select * from t with no schema binding")["C"] == "42P16"


def test_late_binding_view__is_no_dependency(client: Client) -> None:
    s = client.schema
    client.ask(f"create table {s}.t (a int)")
    client.ask(f"create view {s}.late as select * from {s}.t with no schema binding")
    client.ask(f"create view {s}.bound as select * from {s}.t")
    found = client.ask(
        "select distinct c.relname from pg_depend d join pg_rewrite r on d.objid = r.oid join pg_class c on c.oid = r.ev_class"
        f" where d.refobjid = '{s}.t'::regclass and c.oid <> d.refobjid"
    )
    assert found == [["bound"]]


def test_late_binding_view__has_columns_where_redshift_tells_them(client: Client) -> None:
    """Not among the catalog's columns: dbt's catalog query would find the view twice, as VIEW and as LATE BINDING VIEW."""
    s = client.schema
    client.ask(f"create table {s}.t (a int)")
    client.ask(f"create view {s}.late as select a, 'x'::varchar(3) as b from {s}.t with no schema binding")
    client.ask(f"create view {s}.gone as select a from {s}.nowhere with no schema binding")
    client.ask(f"create view {s}.bound as select a from {s}.t")
    assert client.ask(
        "select c.relname, a.attname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
        f" where n.nspname = '{s}' and c.relkind = 'v'"
    ) == [["bound", "a"]]
    assert client.ask(
        f"select table_name, column_name from information_schema.columns where table_schema = '{s}' order by 1"
    ) == [["bound", "a"], ["t", "a"]]
    assert client.ask(
        "select tablename from pg_table_def where schemaname = current_schema() order by 1"
    ) == [
        ["bound"],
        ["t"],
    ]
    told = [["late", "a"], ["late", "b"]]
    for view, schema in (("svv_columns", "table_schema"), ("svv_redshift_columns", "schema_name"), ("svv_all_columns", "schema_name")):  # fmt: skip
        assert (
            client.ask(
                f"select table_name, column_name from {view} where {schema} = '{s}' and table_name in ('late', 'gone')"
                " order by ordinal_position"
            )
            == told
        )
    client.ask(f"drop table {s}.t cascade")
    client.ask(f"create table {s}.t (a date)")
    assert client.ask(
        f"select data_type from svv_columns where table_schema = '{s}' and table_name = 'late'"
    )[0] == ["date"]
    assert [row[3:5] for row in client.ask(f"show columns from table dev.{s}.late")] == [["a", 1], ["b", 2]]
    kinds = client.ask(f"select relname, relkind from pg_class where relname in ('late', 'bound') and relnamespace = (select oid from pg_namespace where nspname = '{s}') order by 1")  # fmt: skip
    assert kinds == [["late", "v"]]


def test_late_binding_view__keeps_its_grants_when_its_columns_change(client: Client) -> None:
    s = client.schema
    client.ask(f"create user reader_{s[-8:]} password disable")
    client.ask(f"create table {s}.t (a int)")
    client.ask(f"create view {s}.late as select * from {s}.t with no schema binding")
    client.ask(f"grant select on {s}.late to reader_{s[-8:]}")
    client.ask(f"drop table {s}.t")
    client.ask(f"create table {s}.t (b date)")
    assert client.ask(f"select * from {s}.late") == []
    assert client.ask(f"select identity_name from svv_relation_privileges where namespace_name = '{s}'") == [
        [f"reader_{s[-8:]}"]
    ]


def test_materialized_view__is_refreshed_when_told(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("insert into t values (1)")
    client.ask(
        "create materialized view mv diststyle key distkey (a) sortkey (a) auto refresh no as (select a, count(*) as n from t group by a)"
    )
    client.ask("insert into t values (1)")
    assert client.ask("select * from mv") == [[1, 1]]
    stale = (
        "select trim(name), is_stale, autorefresh from svv_mv_info where trim(schema_name) = current_schema()"
    )
    assert client.ask(stale) == [["mv", "t", "f"]]
    client.ask("refresh materialized view mv")
    assert client.ask("select * from mv") == [[1, 2]]
    assert client.ask(stale) == [["mv", "f", "f"]]
    assert (
        "create materialized view mv"
        in client.ask(
            "select definition from pg_views where viewname = 'mv' and schemaname = current_schema()"
        )[0][0]
    )
    assert client.ask(
        "select diststyle, sortkey1 from svv_table_info where \"table\" = 'mv' and schema = current_schema()"
    ) == [["KEY(a)", "a"]]
    assert client.ask(
        "select a.attname, a.attisdistkey, a.attsortkeyord from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid where c.relname like 'mv_tbl__mv__%' and n.nspname = current_schema() and a.attnum = 1"
    ) == [["a", True, 1]]
    assert client.refused("drop view mv")["C"] == "42809"
    assert client.refused("drop table t")["C"] == "2BP01"
    assert client.refused("refresh materialized view t")["M"] == '"t" is not a materialized view'
    client.ask("drop materialized view mv")
    client.ask("drop table t")


def test_materialized_view__with_auto_refresh_follows_soon(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("create materialized view mv auto refresh yes as select count(*) as n from t")
    client.ask("insert into t values (1)")
    end = time.monotonic() + 15
    while client.ask("select n from mv") != [[1]]:
        assert time.monotonic() < end, "the view was not refreshed"
        time.sleep(0.1)


def test_names__of_127_bytes(client: Client) -> None:
    client.ask(f"create table {LONG}1 ({LONG}a int, {LONG}b int)")
    client.ask(f"create table {LONG}2 as select {LONG}a as {LONG}c from {LONG}1")
    assert client.ask("select tablename from pg_tables where schemaname = current_schema() order by 1") == [
        [LONG + "1"],
        [LONG + "2"],
    ]
    assert client.ask(f"select column_name from information_schema.columns where table_name = '{LONG}1' order by 1") == [
        [LONG + "a"], [LONG + "b"],
    ]  # fmt: skip
    cursor = client.connection.cursor()
    cursor.execute(f"select * from {LONG}2")
    assert [column[0] for column in cursor.description] == [LONG + "c"]
    assert client.refused(f"select {LONG}x from {LONG}1")["C"] == "42703"
    assert client.refused(f"create table {LONG}1 (a int)")["M"] == f'relation "{LONG}1" already exists'


def test_grants__to_users_groups_and_roles(client: Client) -> None:
    s = client.schema
    client.ask("create table t (a int)")
    client.ask(f"create user u_{s} password disable")
    client.ask(f"create group g_{s} with user u_{s}")
    client.ask(f"create role r_{s}")
    client.ask(f"grant select, insert on t to u_{s}, group g_{s}, role r_{s}")
    client.ask(f"grant role r_{s} to u_{s}")
    listed = f"select identity_name, identity_type, privilege_type from svv_relation_privileges where namespace_name = '{s}' order by 1, 3"
    assert client.ask(listed) == [
        [name, kind, what]
        for name, kind in ((f"g_{s}", "group"), (f"r_{s}", "role"), (f"u_{s}", "user"))
        for what in ("INSERT", "SELECT")
    ]
    # a group is shown as a role with a stroke before its name
    shown = client.ask(f"show grants on table dev.{s}.t")
    assert sorted(row[6:8] for row in shown if row[4] == "SELECT") == [
        [f"/g_{s}", "role"],
        [f"r_{s}", "role"],
        [f"u_{s}", "user"],
    ]
    client.ask(f"revoke all on t from group g_{s}")
    client.ask(f"revoke insert on t from u_{s}, role r_{s}")
    assert client.ask(listed) == [[f"r_{s}", "role", "SELECT"], [f"u_{s}", "user", "SELECT"]]
    assert client.ask(f"select user_name, role_name from svv_user_grants where role_name = 'r_{s}'") == [
        [f"u_{s}", f"r_{s}"]
    ]
    assert client.ask(
        f"select has_table_privilege('u_{s}', '{s}.t', 'select'), has_table_privilege('u_{s}', '{s}.t', 'delete')"
    ) == [[True, False]]
    assert client.refused(f"grant select on t to group nobody_{s}")["C"] == "42704"


def test_show(client: Client) -> None:
    s = client.schema
    client.ask("create table t (a int, b varchar(3))")
    client.ask("insert into t values (1, 'x')")
    client.ask("create view v as select 1 as n")
    client.ask(f"create view late as select a from {s}.t with no schema binding")
    client.ask("create materialized view mv as select a from t")
    shown = client.ask(f"show tables from schema dev.{s}")
    assert [[row[2], row[3], row[10]] for row in shown] == [
        ["late", "VIEW", "LATE BINDING VIEW"], ["mv", "VIEW", "MATERIALIZED VIEW"], ["t", "TABLE", "REGULAR TABLE"],
        ["v", "VIEW", "REGULAR VIEW"],
    ]  # fmt: skip
    assert [row[3:5] + row[7:11] for row in client.ask(f"show columns from table dev.{s}.t")] == [
        ["a", 1, "integer", None, 32, 0], ["b", 2, "character varying", 3, None, None],
    ]  # fmt: skip
    assert [s] in [[row[1]] for row in client.ask(f"show schemas from database dev like '{s}'")]
    assert client.refused(f"show tables from schema nowhere.{s}")["C"] == "3D000"


def test_last_write__is_told_for_metadata_freshness(client: Client) -> None:
    client.ask("create table t (a int)")
    client.ask("insert into t values (1)")
    assert client.ask(
        "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace join sys_query_detail q on q.table_id = c.oid"
        " where q.step_name = 'insert' and n.nspname = current_schema() and c.relname = 't'"
        " and q.start_time > dateadd(minute, -5, getdate())"
    ) == [[1]]


def test_query_history__tells_what_ran(client: Client) -> None:
    client.ask("select 41 + 1 as the_answer_of_history")
    with pytest.raises(Exception, match="history_nowhere"):
        client.ask("select * from history_nowhere")
    asked = "select query_type, status from sys_query_history where query_text like '%{}%' and query_text not like '%sys_query%'"
    end = time.monotonic() + 15
    while not (
        client.ask(asked.format("the_answer_of_history")) and client.ask(asked.format("history_nowhere"))
    ):
        assert time.monotonic() < end, "nothing was written"
        time.sleep(0.1)
    assert client.ask(asked.format("the_answer_of_history"))[0][1] == "success"
    assert client.ask(asked.format("history_nowhere"))[0][1] == "failed"


def test_function__is_found_along_the_path(client: Client) -> None:
    s = client.schema
    client.ask("create function f_half(float8) returns float8 stable as $$ select $1 / 2 $$ language sql")
    client.ask(f"create schema {s}_tools")
    client.ask(
        f"create function {s}_tools.f_tag(varchar) returns varchar stable as $$ select $1 || '!' $$ language sql"
    )
    client.ask("create table t as select f_half(5) as h")
    assert client.ask(f"select h, f_half(h), {s}_tools.f_tag('a') from t") == [[2.5, 1.25, "a!"]]
    assert client.ask(
        "select data_type from svv_columns where table_name = 't' and table_schema = current_schema()"
    ) == [["double precision"]]
    assert client.refused("select f_tag('a')")["M"].startswith("function f_tag(")
    client.ask(f"set search_path to {s}_tools, {s}")
    assert client.ask("select f_tag('b'), f_half(1)") == [["b!", 0.5]]
    client.ask("create function f_tag(int) returns int stable as $$ select $1 + 1 $$ language sql")
    assert client.ask("select f_tag(1), f_tag('b')") == [[2, "b!"]]
    client.ask("drop function f_tag(varchar)")
    assert client.refused("select f_nothing(1)")["C"] == "42883"
    # what the stand-in is made of is no function of Redshift's
    assert client.refused("select row_count(1)")["C"] == "42883"


def test_merge__takes_no_view_as_its_source(client: Client) -> None:
    client.ask("create table t (id int, n int)")
    client.ask("create view v as select 1 as id, 2 as n")
    merge = "merge into t using {} on t.id = {}.id when matched then update set n = {}.n when not matched then insert values ({}.id, {}.n)"
    assert "not a view" in client.refused(merge.format(*["v"] * 5))["M"]
    client.ask("create temp table s as select 1 as id, 2 as n")
    client.ask(merge.format(*["s"] * 5))
    assert client.ask("select * from t") == [[1, 2]]
