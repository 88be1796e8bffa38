"""Statements that change rows, and queries whose rows differ from PostgreSQL's."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import psycopg2.errors
import pytest

from sandbox.redshift.language import Refused
from tests.sandbox.redshift.language.conftest import Warehouse

D = Decimal


def test_merge__updates_and_inserts(warehouse: Warehouse) -> None:
    warehouse.run("create table target (id int, name char(10)); create table source (id int, name char(10))")
    warehouse.run("insert into target values (101, 'Bob'), (102, 'John'), (103, 'Susan')")
    warehouse.run("insert into source values (102, 'Tony'), (103, 'Alice'), (104, 'Bill')")
    warehouse.run(
        "merge into target using source on target.id = source.id when matched then update set id = source.id, name = source.name "
        "when not matched then insert values (source.id, source.name)"
    )
    assert warehouse.run("select id, rtrim(name) from target order by id") == [
        (101, "Bob"),
        (102, "Tony"),
        (103, "Alice"),
        (104, "Bill"),
    ]
    warehouse.run("insert into source values (105, 'David')")
    warehouse.run(
        "merge into target using source as s on target.id = s.id when matched then delete when not matched then insert values (s.id, s.name)"
    )
    assert warehouse.run("select id, rtrim(name) from target order by id") == [(101, "Bob"), (105, "David")]


def test_merge__with_two_sources_for_a_row_fails(warehouse: Warehouse) -> None:
    warehouse.run("create table target (id int, n int); create table source (id int, n int)")
    warehouse.run("insert into target values (1, 0)")
    warehouse.run("insert into source values (1, 1), (1, 2)")
    with pytest.raises(psycopg2.errors.CardinalityViolation):
        warehouse.run(
            "merge into target using source on target.id = source.id when matched then update set n = source.n "
            "when not matched then insert values (source.id, source.n)"
        )


def test_merge__removes_duplicates(warehouse: Warehouse) -> None:
    warehouse.run(
        "create table target (id int, name varchar(9)); create table source (id int, name varchar(9))"
    )
    warehouse.run("insert into target values (30, 'Tony'), (30, 'Daisy'), (11, 'Alice')")
    warehouse.run("insert into source values (23, 'David'), (22, 'Clarence'), (22, 'Clarence'), (30, 'Tony')")
    warehouse.run("merge into target using source on target.id = source.id remove duplicates")
    assert warehouse.run("select * from target order by id, name") == [
        (11, "Alice"),
        (22, "Clarence"),
        (23, "David"),
        (30, "Tony"),
    ]


def test_identity__counts_by_its_step(warehouse: Warehouse) -> None:
    warehouse.run("create table counted (id bigint identity(10, 5), other int identity(0, -1), x int)")
    warehouse.run("insert into counted (x) values (1), (2)")
    assert warehouse.run("select * from counted order by id") == [(10, 0, 1), (15, -1, 2)]


def test_insert__takes_literals_of_a_query_for_its_columns(warehouse: Warehouse) -> None:
    warehouse.run("create table kept (d date, n int, s varchar(5), j super)")
    warehouse.run("insert into kept select '2020-01-31', '5', 7, null")
    warehouse.run(
        "insert into kept with a as (select '2020-02-01' as d) select d, 1, 'x', json_parse('[1]') from a"
    )
    assert warehouse.run("select d, n, s from kept order by d") == [
        (datetime.date(2020, 1, 31), 5, "7"), (datetime.date(2020, 2, 1), 1, "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "select 'abcd'",
        "select 'abcd' union all select 'x'",
        "select x from (select 'abcd' as x)",
        "select 'ab'::varchar(5) || 'cd'",
        "values ('abcd')",
    ],
)
def test_insert__of_too_long_a_text_fails(warehouse: Warehouse, query: str) -> None:
    warehouse.run("create table short (a varchar(3))")
    with pytest.raises(psycopg2.errors.StringDataRightTruncation):
        warehouse.run(f"insert into short {query}")


def test_insert__of_a_text_into_super_is_a_json_text(warehouse: Warehouse) -> None:
    warehouse.run("create table held (j super)")
    warehouse.run("insert into held select 'a'")
    warehouse.run("insert into held values ('b'), (5)")
    assert warehouse.run("select json_serialize(j) from held order by 1") == [('"a"',), ('"b"',), ("5",)]


def test_delete_and_update__use_other_tables(warehouse: Warehouse) -> None:
    warehouse.run("create table a (id int, x varchar(5)); create table b (id int, x varchar(5))")
    warehouse.run("insert into a values (1, 'p'), (2, 'q'), (3, 'r')")
    warehouse.run("insert into b values (1, 'new'), (2, null)")
    warehouse.run("update a set x = b.x from b where a.id = b.id")
    warehouse.run("delete from a using b where a.id = b.id and b.x is null")
    assert warehouse.run("select * from a order by id") == [(1, "new"), (3, "r")]


def test_nulls__come_last_ascending_and_first_descending(warehouse: Warehouse) -> None:
    given = "(select 1 as x union all select null union all select 2) t"
    assert [x for (x,) in warehouse.run(f"select x from {given} order by x")] == [1, 2, None]
    assert [x for (x,) in warehouse.run(f"select x from {given} order by x desc")] == [None, 2, 1]
    assert warehouse.run(f"select x, row_number() over (order by x desc) from {given} order by 2")[0] == (
        None,
        1,
    )


def test_ignore_nulls__passes_over_them(warehouse: Warehouse) -> None:
    warehouse.run("create table steps (n int, v varchar(3))")
    warehouse.run("insert into steps values (1, null), (2, 'a'), (3, null), (4, 'b'), (5, null)")
    rows = warehouse.run(
        "select n, last_value(coalesce(v, v) ignore nulls) over (order by n rows between unbounded preceding and current row), "
        "first_value(v) ignore nulls over (order by n rows between current row and unbounded following), "
        "lag(v) ignore nulls over (order by n), lead(v ignore nulls) over (order by n) from steps order by n"
    )
    assert rows == [
        (1, None, "a", None, "a"), (2, "a", "a", None, "b"), (3, "a", "b", "a", "b"), (4, "b", "b", "a", None), (5, "b", None, "b", None),
    ]  # fmt: skip


def test_qualify__keeps_rows_and_adds_no_column(warehouse: Warehouse) -> None:
    warehouse.run("create table ranked (k int, v int)")
    warehouse.run("insert into ranked values (1, 1), (1, 2), (2, 3)")
    assert warehouse.run(
        "select * from ranked r qualify row_number() over (partition by k order by v desc) = 1 order by v"
    ) == [(1, 2), (2, 3)]
    assert warehouse.run(
        "select k, rank() over (order by v) as place from ranked r where v > 1 qualify place = 1"
    ) == [(1, 1)]


def test_lateral_alias__is_the_expression_but_a_column_comes_first(warehouse: Warehouse) -> None:
    warehouse.run("create table priced (price int)")
    warehouse.run("insert into priced values (10)")
    assert warehouse.run(
        "select price * 2 as double, double + 1 as more, 99 as price, price as still from priced"
    ) == [(20, 21, 99, 10)]


def test_listagg__leaves_out_nothing_and_joins_in_order(warehouse: Warehouse) -> None:
    warehouse.run("create table words (g int, w varchar(5))")
    warehouse.run("insert into words values (1, 'b'), (1, 'a'), (1, null), (1, ''), (2, 'c'), (1, 'a')")
    assert warehouse.run(
        "select g, listagg(w, ',') within group (order by w) from words group by g order by g"
    ) == [(1, "a,a,b"), (2, "c")]
    assert warehouse.run("select listagg(distinct w, ',') within group (order by w) from words") == [
        ("a,b,c",)
    ]
    rows = warehouse.run(
        "select w, listagg(w, '-') within group (order by w desc) over (partition by g) from words where w = 'b' or g = 2 order by 1"
    )
    assert rows == [("b", "b"), ("c", "c")]


def test_percentiles__interpolate_or_choose(warehouse: Warehouse) -> None:
    warehouse.run("create table measured (g int, n int, f float, d decimal(6,2), t timestamp)")
    warehouse.run(
        "insert into measured values (1, 1, 1, 1.00, '2020-01-01'), (1, 2, 2, 2.00, '2020-01-02'), (2, 9, 9, 9.50, null)"
    )
    assert warehouse.run(
        "select median(n), median(f), median(d), percentile_cont(0.25) within group (order by n) from measured"
    ) == [(D(2), 2.0, D("2.00"), D("1.5"))]
    assert warehouse.run(
        "select percentile_disc(0.5) within group (order by n), percentile_disc(0.5) within group (order by n desc) from measured where g = 1"
    ) == [(1, 2)]
    assert warehouse.run("select distinct g, median(n) over (partition by g) from measured order by g") == [
        (1, D("1.5")),
        (2, D(9)),
    ]
    assert warehouse.run("select median(t) from measured") == [(datetime.datetime(2020, 1, 1, 12),)]


def test_super__is_navigated_and_unnested(warehouse: Warehouse) -> None:
    warehouse.run("create table orders (id int, o super)")
    warehouse.run(
        """insert into orders values (1, json_parse('[{"k": 5, "l": [7, 8]}, {"k": 6}]')), (2, null)"""
    )
    assert warehouse.run("select o[0].k::int, o[0].l[1]::varchar, o[9].k from orders order by id") == [
        (5, "8", None),
        (None, None, None),
    ]
    assert warehouse.run("select t.id, e.k::int, i from orders t, t.o as e at i order by i") == [
        (1, 5, 0),
        (1, 6, 1),
    ]
    assert warehouse.run("select l::int from orders t, t.o[0].l as l order by 1") == [(7,), (8,)]
    assert warehouse.run(
        "select key from orders t, t.o e, unpivot e as v at key where e.k = 5 order by key"
    ) == [("k",), ("l",)]


def test_pivot_and_unpivot__of_the_guide(warehouse: Warehouse) -> None:
    warehouse.run(
        "create table part (partname varchar, manufacturer varchar, quality int, price decimal(12, 2))"
    )
    warehouse.run(
        "insert into part values ('prop', 'local parts co', 2, 10.00), ('prop', 'big parts co', null, 9.00), ('prop', 'small parts co', 1, 12.00), "
        "('rudder', 'local parts co', 1, 2.50), ('rudder', 'big parts co', 2, 3.75), ('rudder', 'small parts co', null, 1.90), "
        "('wing', 'local parts co', null, 7.50), ('wing', 'big parts co', 1, 15.20), ('wing', 'small parts co', null, 11.80)"
    )
    assert warehouse.run(
        "select * from (select partname, price from part) pivot (avg(price) for partname in ('prop', 'rudder', 'wing'))"
    ) == [(D("10.33"), D("2.71"), D("11.50"))]
    rows = warehouse.run(
        "select manufacturer, high_count, low_count, na_count from (select quality, manufacturer from part) "
        "pivot (count(*) as count for quality in (1 as high, 2 as low, null as na)) order by manufacturer"
    )
    assert rows == [("big parts co", 1, 1, 1), ("local parts co", 1, 1, 1), ("small parts co", 1, 0, 2)]
    warehouse.run("create table count_by_color (quality varchar, red int, green int, blue int)")
    warehouse.run("insert into count_by_color values ('high', 15, 20, 7), ('normal', 35, null, 40)")
    assert warehouse.run("select * from count_by_color unpivot (cnt for color in (red as r, green, blue)) order by quality, cnt") == [
        ("high", "blue", 7), ("high", "r", 15), ("high", "green", 20), ("normal", "r", 35), ("normal", "blue", 40),
    ]  # fmt: skip


def test_sql_function__is_called_with_its_types(warehouse: Warehouse) -> None:
    warehouse.run(
        "create function f_double(float8) returns float8 immutable as $$ select $1 * 2 $$ language sql"
    )
    warehouse.function = lambda schema, name: "double precision" if name == "f_double" else None  # type: ignore[attr-defined]
    assert warehouse.value("f_double(2)") == (4.0, "double precision")


def test_sql_function__is_called_with_its_schema(warehouse: Warehouse) -> None:
    warehouse.run("create schema tools")
    warehouse.run(
        "create function tools.f_triple(integer) returns integer stable as $$ select $1 * 3 $$ language sql"
    )
    assert warehouse.run("select dev.tools.f_triple(2), tools.f_triple(3) + 1") == [(6, 10)]
    with pytest.raises(Refused, match="does not exist"):
        warehouse.run("select redshift.fnv_bytes('a', 1)")
    with pytest.raises(Refused, match="does not exist"):
        warehouse.run("select f_triple(2)")


def test_append__moves_the_rows(warehouse: Warehouse) -> None:
    warehouse.run("create table a (id int, x int); create table b (x int, id int, more int)")
    warehouse.run("insert into b values (1, 2, 3)")
    warehouse.run("alter table a append from b ignoreextra")
    assert warehouse.run("select * from a") == [(2, 1)]
    assert warehouse.run("select * from b") == []


def test_full_join_on_texts__joins_by_hash(warehouse: Warehouse) -> None:
    warehouse.run("create table a (x varchar(5)); create table b (x varchar(5))")
    warehouse.run("insert into a values ('p '), ('q')")
    warehouse.run("insert into b values ('p'), ('r')")
    assert warehouse.run("select a.x, b.x from a full outer join b on a.x = b.x order by 1, 2") == [
        ("p ", "p"),
        ("q", None),
        (None, "r"),
    ]


BLANKS = """
create table b (c char(3), v varchar(5), n int);
insert into b values ('x', 'a', 1), ('x ', 'a ', 2), ('y', 'b', 3), ('y', null, 4);
"""


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select count(*) from b where v = 'a'", [(2,)]),
        ("select count(*) from b where v || '' in ('a   ', 'c')", [(2,)]),
        ("select count(*) from b where v > 'a'", [(1,)]),
        ("select count(*) from b where nullif(v, 'a  ') is null", [(3,)]),
        ("select count(*) from b where v like 'a '", [(1,)]),
        ("select trim(v), count(*) from b group by v order by 1", [("a", 2), ("b", 1), (None, 1)]),
        ("select count(*) from (select v from b group by v having max(v) = 'a') as g", [(1,)]),
        ("select count(*) from (select distinct v from b) as d", [(3,)]),
        ("select count(distinct v), count(distinct c) from b", [(2, 2)]),
        ("select count(*) from (select v from b union select 'b   ') as u", [(3,)]),
        (
            "select count(*) from (select v from b where n = 2 intersect select v from b where n = 1) as i",
            [(1,)],
        ),
        (
            "select count(*) from (select v from b where n = 2 except select v from b where n = 1) as e",
            [(0,)],
        ),
        (
            "select max(k) from (select row_number() over (partition by v order by n) as k from b) as w",
            [(2,)],
        ),
        ("select count(*) from b as l join b as r on l.v = r.v", [(5,)]),
        ("select count(*) from b as l join b as r using (v)", [(5,)]),
        ("select count(*) from b as l join b as r on l.v = trim(r.v) || '  '", [(5,)]),
        ("select count(*) from b as l join b as r on l.c = r.v || 'x'", [(0,)]),
        ("select count(*) from b where c = 'x    ' and v in (select v from b where n = 2)", [(2,)]),
        ("select rank() over (order by v) from b where n < 3 order by n", [(1,), (1,)]),
        ("select sum(len(v)) from b where n < 3", [(3,)]),
    ],
)
def test_blanks_at_the_end__have_no_meaning(warehouse: Warehouse, query: str, rows: list[Any]) -> None:
    """r_Character_types: "Trailing spaces in VARCHAR and CHAR columns are semantically insignificant"."""
    warehouse.run(BLANKS)
    assert warehouse.run(query) == rows
    for way in ("hashagg", "hashjoin"):
        warehouse.cursor.execute(f"set local enable_{way} = off")
    assert warehouse.run(query) == rows
