"""What PostgreSQL has no words for comes out as facts."""

from __future__ import annotations

from sandbox.redshift.language import facts
from tests.sandbox.redshift.language.conftest import Warehouse, prepared


def fact(sql: str) -> object:
    return prepared(sql)[0].facts


def test_create_table__keeps_its_layout() -> None:
    said = fact(
        "create table s.t (id int encode az64, name varchar(max) encode zstd, at timestamptz, primary key (id)) backup no "
        "diststyle key distkey (id) interleaved sortkey (id, at)"
    )
    assert said == facts.TableAttributes(
        "s", "t", "key", "id", "interleaved", ("id", "at"), {"id": "az64", "name": "zstd"}, False,
        types={"id": "integer", "name": "character varying(65535)", "at": "timestamp with time zone"}, constraints=("primary key (id)",),
    )  # fmt: skip


def test_create_table__takes_keys_of_columns() -> None:
    said = fact("create temp table t (a int distkey sortkey, b super)")
    assert isinstance(said, facts.TableAttributes)
    assert (said.distkey, said.diststyle, said.sortkeys, said.temporary) == ("a", "key", ("a",), True)
    assert said.types == {"a": "integer", "b": "super"}


def test_create_table_as__has_the_types_of_its_query() -> None:
    [one] = prepared("create table t diststyle all sortkey (n) as select 1.5 as n, 'ab' as s")
    assert one.kind == "create_table_as"
    assert one.facts == facts.TableAttributes(
        None, "t", "all", None, "compound", ("n",), types={"n": "numeric(2,1)", "s": "character varying(2)"}
    )


def test_create_table_like__names_its_source() -> None:
    said = fact("create table t (like s.u including defaults)")
    assert isinstance(said, facts.TableAttributes)
    assert said.like == ("s", "u")


def test_late_binding_view__keeps_the_query_of_its_author() -> None:
    said = fact("create or replace view s.v as (select nvl(a, 0) as a from s.t) with no schema binding;")
    assert said == facts.LateBindingView(
        "s", "v", "(select nvl(a, 0) as a from s.t)", '(select coalesce("a", 0) as "a" from "s"."t")', True
    )


def test_materialized_view__keeps_layout_and_refresh() -> None:
    said = fact(
        "create materialized view v backup no diststyle key distkey (a) sortkey (a) auto refresh yes as select 1 as a"
    )
    assert isinstance(said, facts.MaterializedView)
    assert (said.backup, said.auto_refresh, said.query) == (False, True, "select 1 as a")
    assert (said.attributes.distkey, said.attributes.sortkeys) == ("a", ("a",))
    assert fact("refresh materialized view s.v") == facts.RefreshMaterializedView("s", "v")
    assert fact("alter materialized view v auto refresh no") == facts.AlterRefresh(None, "v", False)


def test_copy__has_every_option(warehouse: Warehouse) -> None:
    warehouse.run("create table public.t (a int, b int)")
    [one] = warehouse.prepare(
        "copy public.t (a, b) from 's3://bucket/prefix' iam_role 'arn:aws:iam::1:role/r' format as csv quote as '%' delimiter ';' "
        "ignoreheader 1 null as 'x' dateformat 'auto' timeformat as 'epochsecs' maxerror as 5 compupdate off statupdate on gzip manifest "
        "acceptinvchars '?' blanksasnull emptyasnull truncatecolumns region 'eu-west-1'"
    )
    assert one.facts == facts.CopyCommand(
        "public", "t", ("a", "b"), "s3://bucket/prefix", "csv",
        {
            "iam_role": "arn:aws:iam::1:role/r", "quote": "%", "delimiter": ";", "ignoreheader": 1, "null": "x", "dateformat": "auto",
            "timeformat": "epochsecs", "maxerror": 5, "compupdate": False, "statupdate": True, "gzip": True, "manifest": True,
            "acceptinvchars": "?", "blanksasnull": True, "emptyasnull": True, "truncatecolumns": True, "region": "eu-west-1",
        },
    )  # fmt: skip


def test_copy__knows_the_formats(warehouse: Warehouse) -> None:
    warehouse.run("create table t (a int)")
    said = {
        options: warehouse.prepare(f"copy t from 's3://b/p' iam_role default {options}")[0].facts
        for options in (
            "",
            "parquet",
            "format as parquet",
            "json 'auto'",
            "json as 's3://b/paths.json'",
            "orc",
            "format avro 'auto'",
        )
    }
    assert [f.format for f in said.values() if isinstance(f, facts.CopyCommand)] == [
        "delimited", "parquet", "parquet", "json", "json", "orc", "avro",
    ]  # fmt: skip
    assert said["json as 's3://b/paths.json'"].options["jsonpaths"] == "s3://b/paths.json"  # type: ignore[union-attr]


def test_unload__has_its_query_in_postgresqls_words() -> None:
    said = fact(
        "unload ('select nvl(a, ''x'') as a from s.t order by 1') to 's3://b/out_' iam_role default parquet partition by (a) include "
        "allowoverwrite maxfilesize 1 gb parallel off manifest verbose"
    )
    assert said == facts.UnloadCommand(
        "select nvl(a, 'x') as a from s.t order by 1", 'select coalesce("a", \'x\') as "a" from "s"."t" order by 1', "s3://b/out_",
        "parquet",
        {
            "iam_role": "default", "partition": ("a", "include"), "allowoverwrite": True, "maxfilesize": 1024.0, "parallel": False,
            "manifest": "verbose",
        },
    )  # fmt: skip


def test_alter_table__changes_the_layout_only() -> None:
    assert prepared("alter table s.t alter diststyle key distkey a")[0].postgres == ()
    assert fact("alter table s.t alter diststyle key distkey a") == facts.AlterAttributes(
        "s", "t", "key", "a"
    )
    assert fact("alter table t alter compound sortkey (a, b)") == facts.AlterAttributes(
        None, "t", sortstyle="compound", sortkeys=("a", "b")
    )
    assert fact("alter table t alter sortkey none") == facts.AlterAttributes(
        None, "t", sortstyle="none", sortkeys=()
    )
    assert fact("alter table t alter column a encode zstd") == facts.AlterAttributes(
        None, "t", encodings={"a": "zstd"}
    )
    assert fact("alter table s.t rename to u") == facts.Renamed("s", "t", "u")
    assert fact("alter table t append from s.u filltarget") == facts.AppendFrom(
        None, "t", "s", "u", False, True
    )


def test_drop__says_what() -> None:
    assert fact('drop table if exists "dev"."s"."T", u cascade') == facts.Dropped(
        "table", (("s", "t"), (None, "u")), True, True
    )
    assert fact("drop schema s") == facts.Dropped("schema", ((None, "s"),), False, False)


def test_grant__tells_users_groups_and_roles_apart() -> None:
    [one] = prepared("grant select, drop on s.t, u to a, group g, role r, public")
    assert one.facts == facts.GrantCommand(
        False,
        ("select", "drop"),
        "table",
        (("s", "t"), (None, "u")),
        (("user", "a"), ("group", "g"), ("role", "r"), ("public", "public")),
    )
    assert one.postgres == ('grant select on table "s"."t", "u" to "a", "group:g", "role:r", public',)
    assert prepared("revoke drop on t from a")[0].postgres == ()


def test_principals__are_roles() -> None:
    assert prepared("create group g with user a, b")[0].postgres == (
        'create role "group:g"', 'grant "group:g" to "a"', 'grant "group:g" to "b"',
    )  # fmt: skip
    assert fact("create user a password 'Secret1' createdb in group g") == facts.PrincipalCommand(
        "create", "user", "a", {"password": "Secret1", "createdb": True, "groups": ("g",)}
    )


def test_settings__keep_their_value() -> None:
    assert fact("set search_path to a, 'b'") == facts.Setting("search_path", "a, b")
    assert fact("set enable_case_sensitive_identifier = true") == facts.Setting(
        "enable_case_sensitive_identifier", "true"
    )
    assert fact("reset query_group") == facts.Setting("query_group", None)
    assert prepared("show query_group")[0].postgres == (
        "select current_setting('redshift.query_group', true) as \"query_group\"",
    )


def test_show__says_what_is_asked() -> None:
    assert fact('show tables from schema "dev"."s" like \'%x\' limit 5') == facts.ShowObjects(
        "tables", ("dev", "s"), "schema", "%x", 5
    )
    assert fact("show columns from table dev.s.t") == facts.ShowObjects("columns", ("dev", "s", "t"), "table")
    assert fact("show schemas from database dev") == facts.ShowObjects("schemas", ("dev",), "database")
    assert fact("show grants on table dev.s.t") == facts.ShowObjects("grants", ("dev", "s", "t"), "table")


def test_comment__keeps_its_text() -> None:
    assert fact("comment on column dev.s.t.a is $x$it's$x$") == facts.CommentOn(
        "column", ("dev", "s", "t", "a"), "it's"
    )


def test_names__are_folded_even_in_quotes() -> None:
    assert prepared('select "A" as "B" from "S"."T"')[0].postgres == ('select "a" as "b" from "s"."t"',)


def test_names__keep_their_case_when_the_session_says_so(warehouse: Warehouse) -> None:
    warehouse.session.case_sensitive = True
    assert warehouse.prepare('select "A", B from "T"')[0].postgres == (
        'select "A" as "A", "b" as "b" from "T"',
    )


def test_statements__are_told_apart_with_their_texts() -> None:
    done = prepared(" select 1 ; -- nothing\n; begin; select ';'")
    assert [(one.kind, one.text) for one in done] == [
        ("select", "select 1"),
        ("begin", "begin"),
        ("select", "select ';'"),
    ]


def test_parameters__stay() -> None:
    [one] = prepared("insert into t values ($1, $2)")
    assert one.postgres == ('insert into "t" values ($1, $2)',)
