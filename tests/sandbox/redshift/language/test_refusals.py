"""What Redshift refuses, with the page that says so, below docs.aws.amazon.com/redshift/latest/dg/. PostgreSQL takes most of it."""

from __future__ import annotations

import pytest

from sandbox.redshift.language import Refused
from tests.sandbox.redshift.language.conftest import prepared

FEATURES = "c_unsupported-postgresql-features"
FUNCTIONS = "c_unsupported-postgresql-functions"
TYPES = "c_unsupported-postgresql-datatypes"
WINDOW = "r_Window_function_synopsis"
# statement, SQLSTATE, a part of the message, the page
PROBES: list[tuple[str, str, str, str]] = [
    # ---------- features
    ("create index i on t (a)", "42601", "index", FEATURES),
    ("create unique index i on t (a)", "42601", "unique", FEATURES),
    ("drop index i", "42601", "index", FEATURES),
    ("create trigger g after insert on t for each row execute function f()", "42601", "trigger", FEATURES),
    ("create sequence s", "42601", "sequence", FEATURES),
    ("create type mood as enum ('sad')", "42601", "type", FEATURES),
    ("create domain d as int", "42601", "domain", FEATURES),
    ("create extension pgcrypto", "42601", "extension", FEATURES),
    ("create rule r as on insert to t do nothing", "42601", "rule", FEATURES),
    ("create tablespace ts location '/tmp'", "42601", "tablespace", FEATURES),
    ("create foreign table t (a int) server s", "42601", "foreign", FEATURES),
    ("create table t (a int) partition by range (a)", "42601", "PARTITION", FEATURES),
    ("create table t (a int) inherits (u)", "42601", "INHERITS", FEATURES),
    ("create table t (a int) tablespace ts", "42601", "TABLESPACE", FEATURES),
    ("create unlogged table t (a int)", "42601", "unlogged", FEATURES),
    ("create table t (a int check (a > 0))", "0A000", "CHECK", FEATURES),
    ("create table t (a int, check (a > 0))", "0A000", "CHECK", FEATURES),
    ("create table t (a int, exclude using gist (a with =))", "42601", "exclusion", FEATURES),
    ("create table t (oid int)", "42601", "oid", "r_pg_keywords"),
    ("create table t (ctid int)", "42701", "system column", FEATURES),
    ("create table t (xmin int)", "42701", "system column", FEATURES),
    ("select array[1, 2]", "42601", "array constructors", FEATURES),
    ("select row(1, 2)", "42601", "row constructors", FEATURES),
    ("values (1), (2)", "42601", "values", "c_SQL_commands"),
    ("select * from (values (1), (2)) as v (a)", "42601", "VALUES list", FEATURES),
    ("with v as (values (1)) select * from v", "42601", "WITH clause", "r_WITH_clause"),
    ("insert into t (select * from (values (1)) v)", "42601", "VALUES list", FEATURES),
    ("select * from only t", "42601", "ONLY", FEATURES),
    ("select * from generate_series(1, 3)", "42883", "generate_series", FUNCTIONS),
    ("select * from unnest(array(1, 2)) as u", "0A000", "not supported by the stand-in: UNNEST", "query-super"),
    ("select * from f(1)", "0A000", "table functions", FEATURES),
    ("select * from t tablesample system (10)", "42601", "TABLESAMPLE", "r_FROM_clause30"),
    ("select * from t, lateral (select t.a) l", "42601", "LATERAL", "r_FROM_clause30"),
    ("select * from t left join lateral (select t.a) l on true", "42601", "LATERAL", "r_FROM_clause30"),
    ("select distinct on (a) a, b from t", "0A000", "DISTINCT ON", "r_SELECT_list"),
    ("select a from t fetch first 3 rows only", "42601", "fetch", "r_ORDER_BY_clause"),
    ("select a from t order by a offset 3 rows", "42601", "rows", "r_ORDER_BY_clause"),
    ("select a from t for update", "42601", "FOR UPDATE", "r_SELECT_synopsis"),
    ("select a from t limit 1, 2", "42601", ",", "r_ORDER_BY_clause"),
    ("select sum(a) over w from t window w as (order by a)", "42601", "over", WINDOW),
    ("select a from t intersect all select a from u", "0A000", "INTERSECT ALL", "r_UNION"),
    ("select a from t except all select a from u", "0A000", "EXCEPT ALL", "r_UNION"),
    ("select a is distinct from b from t", "42601", "IS DISTINCT FROM", FUNCTIONS),
    ("select a is not distinct from b from t", "42601", "IS DISTINCT FROM", FUNCTIONS),
    ("select a between symmetric 3 and 1 from t", "42601", "symmetric", "r_range_condition"),
    ("select a like any ('x', 'y') from t", "42601", "any", "r_patternmatching_condition_like"),
    ("select (date '2020-01-01', date '2020-02-01') overlaps (date '2020-01-15', date '2020-03-01')", "42883", "overlaps", FUNCTIONS),
    ("select a[1:2] from t", "42601", "slices", FEATURES),
    ("select name collate \"C\" from t", "42601", "collate", "c_SQL_commands"),
    ("insert into t (a) values (1) on conflict do nothing", "42601", "ON CONFLICT", "r_INSERT_30"),
    ("insert into t (a) values (1) returning a", "42601", "RETURNING", "r_INSERT_30"),
    ("update t set a = 1 returning a", "42601", "RETURNING", "r_UPDATE"),
    ("delete from t where a = 1 returning a", "42601", "RETURNING", "r_DELETE"),
    ("update t set (a, b) = (1, 2)", "42601", "(", "r_UPDATE"),
    ("update t set t.a = 1", "42601", "table's name", "r_UPDATE"),
    ("delete from t as x where x.a = 1", "42601", "alias", "r_DELETE"),
    ("insert into t as x (a) values (1)", "42601", "alias", "r_INSERT_30"),
    ("with c as (select 1) insert into t select * from c", "42601", "insert", "r_WITH_clause"),
    ("truncate t, u", "42601", ",", "r_TRUNCATE"),
    ("truncate t cascade", "42601", "cascade", "r_TRUNCATE"),
    ("truncate t restart identity", "42601", "restart", "r_TRUNCATE"),
    ("savepoint s", "42601", "savepoint", "c_SQL_commands"),
    ("rollback to savepoint s", "42601", "SAVEPOINT", FUNCTIONS),
    ("do $$ begin end $$", "42601", "do", "c_SQL_commands"),
    ("listen x", "42601", "listen", "c_SQL_commands"),
    ("cluster t", "42601", "cluster", "c_SQL_commands"),
    ("reindex table t", "42601", "reindex", "c_SQL_commands"),
    ("copy t to '/tmp/x'", "42601", "COPY … TO", "r_COPY"),
    ("copy t from stdin", "42601", "location", "r_COPY"),
    ("copy (select 1) to '/tmp/x'", "42601", "COPY of a query", "r_COPY"),
    ("explain analyze select 1", "42601", "analyze", "r_EXPLAIN"),
    ("explain (analyze) select 1", "42601", "(", "r_EXPLAIN"),
    ("create table if not exists t as select 1 as a with no data", "42601", "DATA", "r_CREATE_TABLE_AS"),
    ("create or replace table t (a int)", "42601", "table", FEATURES),
    ("create recursive view v (a) as select 1", "42601", "recursive", FEATURES),
    ("create view v as select 1 as a with check option", "42601", "with", "r_CREATE_VIEW"),
    ("create materialized view if not exists v as select 1 as a", "42601", "if", "materialized-view-create-sql-command"),
    ("create or replace materialized view v as select 1 as a", "42601", "materialized", FEATURES),
    ("alter table t add column a int, add column b int", "42601", "one change", "r_ALTER_TABLE"),
    ("alter table t add column if not exists a int", "42601", "if", "r_ALTER_TABLE"),
    ("alter table t drop column if exists a", "42601", "if", "r_ALTER_TABLE"),
    ("alter table if exists t rename to u", "42601", "if", "r_ALTER_TABLE"),
    ("alter table t alter column a type bigint", "0A000", "VARCHAR", "r_ALTER_TABLE"),
    ("alter table t alter column a type varchar(9) using a::varchar", "42601", "using", "r_ALTER_TABLE"),
    ("alter table t alter column a set not null", "42601", "TYPE or ENCODE", "r_ALTER_TABLE"),
    ("alter table t alter column a set default 1", "42601", "TYPE or ENCODE", "r_ALTER_TABLE"),
    ("alter table t add column a int not null", "0A000", "non-null default", "r_ALTER_TABLE"),
    ("alter table t add column a int primary key", "42601", "ADD COLUMN", "r_ALTER_TABLE"),
    ("create table t (a int) distkey (b)", "42703", "named in key", ""),
    ("create table t (a int) diststyle even distkey (a)", "42P16", "DISTKEY", "r_CREATE_TABLE_NEW"),
    ("create table t (a int) distkey (a, b)", "42601", "one column", "r_CREATE_TABLE_NEW"),
    ("create table t (a int) diststyle hash", "42601", "DISTSTYLE", "r_CREATE_TABLE_NEW"),
    ("create table t (a int encode zip)", "42601", "encoding", "c_Compression_encodings"),
    ("create table t (a int, a int)", "42701", "more than once", ""),
    ("create table t (table int)", "42601", "table", "r_pg_keywords"),
    ("create temp table s.t (a int)", "42P16", "no schema", "r_CREATE_TABLE_NEW"),
    ("create view v as select * from t with no schema binding", "42P16", "qualified", "r_CREATE_VIEW"),
    # ---------- types
    ("create table t (a json)", "42704", "json", TYPES),
    ("create table t (a jsonb)", "42704", "jsonb", TYPES),
    ("create table t (a uuid)", "42704", "uuid", TYPES),
    ("create table t (a bytea)", "42704", "bytea", TYPES),
    ("create table t (a serial)", "42704", "serial", TYPES),
    ("create table t (a bigserial)", "42704", "bigserial", TYPES),
    ("create table t (a money)", "42704", "money", TYPES),
    ("create table t (a inet)", "42704", "inet", TYPES),
    ("create table t (a xml)", "42704", "xml", TYPES),
    ("create table t (a point)", "42704", "point", TYPES),
    ("create table t (a bit(3))", "42704", "bit", TYPES),
    ("create table t (a tsvector)", "42704", "tsvector", TYPES),
    ("create table t (a int4range)", "42704", "int4range", TYPES),
    ("create table t (a int[])", "42704", "int[]", TYPES),
    ("create table t (a string)", "42704", "string", TYPES),
    ("create table t (a datetime)", "42704", "datetime", TYPES),
    ("select '1'::json", "42704", "json", TYPES),
    ("select '{1}'::int[]", "42704", "int[]", TYPES),
    ("select cast('a' as uuid)", "42704", "uuid", TYPES),
    ("create table t (a varchar(65536))", "22023", "65535", "r_Character_types"),
    ("create table t (a char(5000))", "22023", "4096", "r_Character_types"),
    ("create table t (a decimal(39, 2))", "22023", "precision", "r_Numeric_types201"),
    ("select 1::decimal(5, 6)", "22023", "scale", "r_Numeric_types201"),
    ("select true::varchar", "42846", "boolean", "c_Supported_data_types"),
    ("select date '2020-01-01'::int", "42846", "date", "c_Supported_data_types"),
    ("select true || 'x'", "42883", "boolean", "r_concat_op"),
    # ---------- functions
    *[
        (f"select {call}", "42883", call.partition("(")[0], FUNCTIONS)
        for call in (
            "string_agg(a, ',') from t", "array_agg(a) from t", "every(a) from t", "xmlagg(a) from t", "corr(a, b) from t",
            "covar_pop(a, b) from t", "covar_samp(a, b) from t", "regr_avgx(a, b) from t", "regr_count(a, b) from t",
            "regr_intercept(a, b) from t", "regr_r2(a, b) from t", "regr_slope(a, b) from t", "regr_sxx(a, b) from t",
            "clock_timestamp()", "justify_days(interval '35 days')", "justify_hours(interval '35 hours')", "pg_sleep(1)",
            "transaction_timestamp()", "statement_timestamp()", "div(7, 2)", "setseed(0.5)", "width_bucket(1, 0, 9, 3)",
            "generate_series(1, 3)", "generate_subscripts(a, 1) from t", "bit_length('a')", "convert_from('a', 'UTF8')",
            "convert_to('a', 'UTF8')", "decode_hex('a')", "format('%s', 1)", "quote_nullable('a')",
            "regexp_matches('a', 'a')", "regexp_split_to_array('a', ',')", "regexp_split_to_table('a', ',')", "current_query()",
            "inet_client_addr()", "pg_postmaster_start_time()", "txid_current()", "nextval('s')", "pg_advisory_lock(1)",
            "to_tsvector('a')", "json_build_object('a', 1)", "jsonb_agg(a) from t", "row_to_json(t) from t", "to_jsonb(1)",
            "gen_random_uuid()", "unknown_function(1)", "concat_ws(',', 'a', 'b')", "starts_with('a', 'b')", "make_date(2020, 1, 1)",
            "array_length(a, 1) from t", "cardinality(a) from t", "scale(1.5)", "gcd(4, 6)", "sha256('a')", "ifnull(a, 1) from t",
            "instr('a', 'b')", "iif(true, 1, 2)", "mode() from t", "bool_xor(a) from t",
        )
    ],
    ("select overlay('abc' placing 'x' from 2)", "42883", "overlay", FUNCTIONS),
    ("select concat('a', 'b', 'c')", "42883", "concat", "c_SQL_functions"),
    ("select concat('a')", "42883", "concat", "c_SQL_functions"),
    ("select left('abc')", "42883", "left", "c_SQL_functions"),
    ("select current_date()", "42601", "(", "Date_functions_header"),
    ("select sum(a) filter (where a > 0) from t", "42601", "FILTER", "c_Aggregate_Functions"),
    ("select listagg(a, ',' order by a) from t", "42601", "ORDER BY inside", "c_Aggregate_Functions"),
    ("select datediff(dow, '2020-01-01', '2020-01-02')", "22023", "dow", "r_Dateparts_for_datetime_functions"),
    ("select dateadd(fortnight, 1, '2020-01-01')", "22023", "fortnight", "r_Dateparts_for_datetime_functions"),
    ("select a -> 'b' from t", "42883", "->", "r_expressions"),
    ("select a @> b from t", "42883", "@>", "r_expressions"),
    ("select a && b from t", "42883", "&&", "r_expressions"),
    ("select current_schema(), a from t", "0A000", "not supported on Redshift tables", "c_SQL_functions_leader_node_only"),
    ("select now(), a from t", "0A000", "not supported on Redshift tables", "c_SQL_functions_leader_node_only"),
    ("select age(a) from t", "0A000", "not supported on Redshift tables", "c_SQL_functions_leader_node_only"),
    ("select listagg('a')", "0A000", "at least one user created tables", "r_LISTAGG"),
    ("select median(1)", "0A000", "at least one user created tables", "r_LISTAGG"),
    # ---------- windows
    ("select sum(a) over (order by b) from t", "42601", "require a frame clause", WINDOW),
    ("select max(a) over (partition by c order by b) from t", "42601", "require a frame clause", WINDOW),
    ("select first_value(a) over (order by b) from t", "42601", "require a frame clause", WINDOW),
    ("select sum(a) over (order by b range between unbounded preceding and current row) from t", "42601", "ROWS", WINDOW),
    ("select sum(a) over (order by b groups 1 preceding) from t", "42601", "ROWS", WINDOW),
    ("select sum(a) over (order by b rows between 5 following and 5 preceding) from t", "42P20", "frame", WINDOW),
    ("select sum(a) over (rows unbounded preceding) from t", "42601", "ORDER BY", WINDOW),
    ("select row_number() over (order by a rows unbounded preceding) from t", "42601", "frame", WINDOW),
    ("select row_number() from t", "42P20", "OVER", "c_Window_functions"),
    ("select lag(a, 1, 0) over (order by b) from t", "0A000", "Default parameter", "r_WF_LAG"),
    ("select lag(a) over (partition by b) from t", "42601", "ORDER BY", "r_WF_LAG"),
    ("select count(distinct a) over (partition by b) from t", "0A000", "DISTINCT", "c_Window_functions"),
    ("select rank() over (order by 'a') from t", "42601", "string literal", WINDOW),
    ("select upper(a) over () from t", "42809", "OVER", "c_Window_functions"),
    ("select sum(a ignore nulls) over () from t", "42601", "IGNORE", WINDOW),
    ("select a from t x qualify a > 1", "42601", "window function", "r_QUALIFY_clause"),
    ("select a from t qualify row_number() over (order by a) = 1", "42601", "alias", "r_QUALIFY_clause"),
    # ---------- WITH, correlated subqueries
    ("with a as (select 1), a as (select 2) select * from a", "42712", "more than once", ""),
    ("with recursive n as (select 1 union all select i + 1 from n) select * from n", "42601", "list of its columns", "r_WITH_clause"),
    ("with recursive n (i) as (select 1 union select i + 1 from n) select * from n", "42601", "UNION ALL", "r_WITH_clause"),
    ("with recursive n (i) as (select 1 union all select i + 1 from n limit 5) select * from n", "42601", "LIMIT", "r_WITH_clause"),
    ("select (with recursive n (i) as (select 1 union all select i + 1 from n) select max(i) from n)", "42601", "subquery", "r_WITH_clause"),
    ("with a as materialized (select 1) select * from a", "42601", "materialized", "r_WITH_clause"),
    ("with a as (insert into t values (1)) select 1", "42601", "SELECT statements", "r_WITH_clause"),
    # ---------- MERGE
    ("merge into t as x using s on x.a = s.a when matched then delete when not matched then insert values (s.a)", "42601", "alias", "r_MERGE"),
    ("merge into t using (select 1 as a) s on t.a = s.a when matched then delete when not matched then insert values (s.a)", "42601", "not a query", "r_MERGE"),
    ("merge into t using t on t.a = t.a when matched then delete when not matched then insert values (1)", "0A000", "same table", "r_MERGE"),
    ("merge into t using s on t.a = s.a when matched and s.b then delete when not matched then insert values (s.a)", "42601", "condition", "r_MERGE"),
    ("merge into t using s on t.a = s.a when matched then delete", "42601", "syntax error", "c_SQL_commands"),
    ("merge into t using s on t.a = s.a when not matched then insert values (s.a)", "42601", "not", "c_SQL_commands"),
    (
        "merge into t using s on t.a = s.a when matched then delete when not matched by source then delete",
        "42601", "condition", "r_MERGE",
    ),
    ("with s as (select 1 as a) merge into t using s on t.a = s.a when matched then delete when not matched then insert values (1)", "42601", "merge", "r_WITH_clause"),
    # ---------- COPY, UNLOAD, GRANT
    ("unload ('select a from t limit 5') to 's3://b/x' iam_role default", "0A000", "LIMIT", "r_UNLOAD"),
    ("unload ('select 1') to 's3://b/x'", "42601", "Authorization", "copy-parameters-authorization"),
    ("unload (select 1) to 's3://b/x' iam_role default", "42601", "quotes", "r_UNLOAD"),
    ("unload ('select 1') to 's3://b/x' iam_role default csv parquet speed", "42601", "speed", "r_UNLOAD"),
    ("unload ('select string_agg(a) from t') to 's3://b/x' iam_role default", "42883", "string_agg", FUNCTIONS),
    ("grant maintain on t to u", "42601", "maintain", "r_GRANT"),
    ("create database x template y", "0A000", "not supported by the stand-in", "c_SQL_commands"),
    # ---------- valid, and not done here
    ("select * from svl_query_summary", "0A000", "not supported by the stand-in: the system view", "cm_chap_system-tables"),
    ("select object_transform(s keep '\"a\"') from t", "0A000", "not supported by the stand-in: OBJECT_TRANSFORM", "r_object_transform_function"),
    # ---------- words
    ("select from t", "42601", "from", "r_pg_keywords"),
    ("select a from", "42601", "end of input", "r_names"),
    ("select user from t where tag = 1", "42601", "tag", "r_pg_keywords"),
    ("select a[0].", "42601", "end of input", "query-super"),
    ("selekt 1", "42601", "selekt", "c_SQL_commands"),
    ("select 'open", "42601", "unterminated", ""),
    ("select 1 /* open", "42601", "unterminated", ""),
    ("select \"open", "42601", "unterminated", ""),
    ("select 1 select 2", "42601", "select", "c_SQL_commands"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "state", "message", "page"), PROBES, ids=[p[0][:70] for p in PROBES])
def test_statement__is_refused_with_its_page(sql: str, state: str, message: str, page: str) -> None:
    with pytest.raises(Refused) as caught:
        prepared(sql)
    refusal = caught.value
    assert (refusal.sqlstate, message.lower() in refusal.message.lower()) == (state, True), (
        refusal.sqlstate,
        refusal.message,
    )
    if page:
        assert refusal.hint == f"https://docs.aws.amazon.com/redshift/latest/dg/{page}.html"
    assert 0 < refusal.position <= len(sql) + 1


# What needs the columns of tables to be seen.
TABLES = """
create table event (eventid int, eventname varchar(200));
create table listing (listid int, sellerid int, numtickets smallint, active boolean, listed date);
create table sales (salesid int, listid int, eventid int, qtysold smallint, buyer varchar(10))
"""
WITH_TABLES = [
    (
        "select eventname from event where not exists (select * from listing where not exists (select * from sales where event.eventid = sales.eventid))",
        "skips a query block",
    ),
    (
        "select * from listing left join event on listing.listid = event.eventid and eventid = (select max(eventid) from sales where sales.eventid = event.eventid)",
        "ON clause of an outer join",
    ),
    (
        "select listid, qtysold from sales s where qtysold not in (select sum(numtickets) over () from listing l where s.listid = l.listid)",
        "window function",
    ),
    ("select avg(active) from listing", "avg(boolean) does not exist"),
    ("select sum(buyer) from sales", "sum(character varying) does not exist"),
    ("select max(active) from listing", "max(boolean) does not exist"),
    ("select upper(active) from listing", "upper(boolean) does not exist"),
    ("select cast(active as varchar) from listing", "cannot cast type boolean"),
    ("select cast(listed as int) from listing", "cannot cast type date"),
    ("select q.x.a + 1 from (select json_parse(buyer) as x from sales) as q", "not supported by the stand-in: arithmetic of SUPER"),
    ("select buyer.x from sales", "only SUPER is navigated"),
    ("select round(buyer) from sales", "round(character varying) does not exist"),
    ("select dateadd(day, 1, listid) from listing", ""),
    ("select * exclude (nothing) from sales", 'column "nothing" does not exist'),
    ("copy sales (nothing) from 's3://b/x' iam_role default", 'column "nothing"'),
    ("copy nowhere from 's3://b/x' iam_role default", "nonexistent table"),
    ("create table u distkey (nothing) as select listid from sales", "named in key"),
    ("alter table sales alter column salesid type varchar(10)", "VARCHAR"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), WITH_TABLES, ids=[p[0][:70] for p in WITH_TABLES])
def test_statement__is_refused_for_what_its_tables_hold(warehouse, sql: str, message: str) -> None:  # type: ignore[no-untyped-def]
    warehouse.run(TABLES)
    with pytest.raises(Exception, match=message.replace("(", "\\(").replace(")", "\\)")) as caught:
        warehouse.run(sql)
    assert isinstance(caught.value, Refused) or not message
