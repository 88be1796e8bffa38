"""What an expression gives, and of which type. The page that says so is below docs.aws.amazon.com/redshift/latest/dg/."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.redshift.language.conftest import Warehouse

D = Decimal


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts)  # type: ignore[arg-type]


# expression, value, type
VECTORS: dict[str, list[tuple[str, Any, str]]] = {
    # r_numeric_computations201
    "numbers": [
        ("7 / 2", 3, "integer"),
        ("-7 / 2", -3, "integer"),
        ("7 / 2::bigint", 3, "bigint"),
        ("1.0::decimal(8,2) / 3.0::decimal(8,2)", D("0.333333333"), "numeric(17,9)"),
        ("2.00::decimal(8,2) * 3::smallint", D("6.00"), "numeric(14,2)"),
        ("1.5::decimal(5,1) + 2::smallint", D("3.5"), "numeric(7,1)"),
        ("1::bigint * 1.5::decimal(5,1)", D("1.5"), "numeric(25,1)"),
        ("cast(1 as real) + cast(1 as real)", 2.0, "real"),
        ("cast(1 as real) + 1", 2.0, "double precision"),
        ("1e2", 100.0, "double precision"),
        ("10.5", D("10.5"), "numeric(3,1)"),
        ("7 % 3", 1, "integer"),
        ("mod(-7, 3)", -1, "integer"),
        ("2 ^ 3", 8.0, "double precision"),
        ("power(2, 3)", 8.0, "double precision"),
        ("round(2.5::decimal(4,2))", D("3.00"), "numeric(4,2)"),
        ("round(28.05::decimal(8,2), 1)", D("28.10"), "numeric(8,2)"),
        ("round(2.5::float)", 3.0, "double precision"),
        ("round(-2.5::float)", -3.0, "double precision"),
        ("trunc(111.86::decimal(6,2), 1)", D("111.80"), "numeric(6,2)"),
        ("ceil(-1.5::decimal(4,1))", D("-1"), "numeric(4,1)"),
        ("floor(1.5::float)", 1.0, "double precision"),
        ("sign(-3)", -1, "integer"),
        ("sqrt(9)", 3.0, "double precision"),
        ("abs(-5.5::decimal(3,1))", D("5.5"), "numeric(3,1)"),
        ("cast(109.652 as int)", 110, "integer"),
        ("'12'::int + 1", 13, "integer"),
        ("cast('12.345' as decimal(5,2))", D("12.35"), "numeric(5,2)"),
    ],
    # r_SUM, r_AVG, r_COUNT, r_STDDEV_functions
    "aggregates": [
        ("avg(x) from (select 1 as x union all select 2)", 1, "bigint"),
        ("avg(x) from (select 2.50 as x union all select 3.75 union all select 1.90)", D("2.71"), "numeric(38,2)"),
        ("avg(x) from (select 1::float as x union all select 2)", 1.5, "double precision"),
        ("sum(x) from (select 1::smallint as x)", 1, "bigint"),
        ("sum(x) from (select 1::bigint as x)", D(1), "numeric(38,0)"),
        ("sum(x) from (select 1.25 as x union all select 1)", D("2.25"), "numeric(38,2)"),
        ("sum(x) from (select 1::real as x)", 1.0, "double precision"),
        ("count(*) from (select 1)", 1, "bigint"),
        ("count(distinct x) from (select 'a' as x union all select 'a ')", 1, "bigint"),
        ("approximate count(distinct x) from (select 1 as x union all select 1)", 1, "bigint"),
        ("stddev(x) from (select 1 as x union all select 3)", 2**0.5, "double precision"),
        ("bool_or(x = 1) from (select 1 as x)", True, "boolean"),
        ("any_value(x) from (select 'q'::varchar(3) as x)", "q", "varchar(3)"),
        ("max(x) from (select 'a'::varchar(5) as x union all select 'b')", "b", "varchar(5)"),
        ("sum(x) over () from (select 2 as x)", 2, "bigint"),
    ],
    # r_Character_types, r_concat_op, c_String_functions
    "text": [
        ("'a' || 'b'", "ab", "varchar(2)"),
        ("'a' || null", None, "varchar"),
        ("1 || 'x'", "1x", "varchar"),
        ("concat('a', null)", None, "varchar"),
        ("concat('a', 'bc')", "abc", "varchar(3)"),
        ("'a' = 'a   '", True, "boolean"),
        ("'a'::varchar(5) = 'a  '::varchar(5)", True, "boolean"),
        ("'a'::varchar(5) in ('b', 'a  ')", True, "boolean"),
        ("'a  '::varchar(5) in (select 'a'::varchar(5))", True, "boolean"),
        ("('a '::varchar(5), 1) in (select 'a'::varchar(5), 1)", True, "boolean"),
        ("'abc'::varchar(2)", "ab", "varchar(2)"),
        ("'äöü'::varchar(3)", "ä", "varchar(3)"),
        ("x::varchar(3) from (select 'äöü'::varchar(10) as x)", "ä", "varchar(3)"),
        ("len('äöü  ')", 5, "integer"),
        ("octet_length('äöü')", 6, "integer"),
        ("len('ab'::char(5))", 2, "integer"),
        ("left('abc', 2)", "ab", "varchar(3)"),
        ("upper('é')", "É", "varchar(2)"),
        ("substring('caterpillar', 6, 4)", "pill", "varchar(11)"),
        ("substring('caterpillar', -2, 6)", "cat", "varchar(11)"),
        ("substring(123456, 2, 2)", "23", "varchar"),
        ("charindex('dog', 'hotdog')", 4, "integer"),
        ("position('dog' in 'hotdog')", 4, "integer"),
        ("strpos('hotdog', 'x')", 0, "integer"),
        ("split_part('a$b$c', '$', 2)", "b", "varchar(5)"),
        ("split_part('a$b$c', '$', 9)", "", "varchar(5)"),
        ("trim(both 'x' from 'xxaxx')", "a", "varchar(5)"),
        ("trim('  a ')", "a", "varchar(4)"),
        ("lpad('7', 3, '0')", "007", "varchar"),
        ("chr(65)", "A", "varchar(4)"),
        ("chr(200)", None, "varchar(4)"),
        ("translate('abc', 'ab', 'x')", "xc", "varchar(3)"),
        ("strtol('abcd1234', 16)", 2882343476, "bigint"),
        ("strtol('1234567', 10)", 1234567, "bigint"),
        ("strtol('110101', 2)", 53, "bigint"),
        ("md5('Amazon Redshift')", "f7415e33f972c03abd4f3fed36748f7a", "varchar(32)"),
        ("func_sha1('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d", "varchar(40)"),
        ("fnv_hash(1)", -5968735742475085980, "bigint"),
        ("fnv_hash('Amazon Redshift')", 7783490368944507294, "bigint"),
        ("fnv_hash('Amazon Redshift', fnv_hash(1))", -2202602717770968555, "bigint"),
        ("fnv_hash(1::smallint)", 589727492704079044, "bigint"),
        ("regexp_substr('the fox', 'FOX', 1, 1, 'i')", "fox", "varchar"),
        ("regexp_substr('passwd7 plain A1234 a1234', '(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+', 1, 2, 'p')", "a1234", "varchar"),
        ("regexp_substr('abc', 'x')", "", "varchar"),
        ("regexp_replace('a1b22', '[0-9]+', '#')", "a#b#", "varchar"),
        ("regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')", "the quick brown fox", "varchar"),
        ("regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')", 8, "integer"),
        ("regexp_instr('hotdog', 'dog')", 4, "integer"),
        ("'a.b' like '%.b'", True, "boolean"),
        ("'a_b' like 'a\\\\_b'", True, "boolean"),
        ("'axb' like 'a\\\\_b'", False, "boolean"),
        ("'ABC' ilike 'a%'", True, "boolean"),
        ("'abc' similar to '(a|b)%'", True, "boolean"),
        ("'abc' ~ '^a'", True, "boolean"),
        ("'it''s'", "it's", "varchar(4)"),
        ("'tab\\t'", "tab\t", "varchar(4)"),
    ],
    # Date_functions_header
    "dates": [
        ("datediff(week, '2009-01-01', '2009-12-31')", 52, "bigint"),
        ("datediff(qtr, '1998-07-01', '2009-01-01')", 42, "bigint"),
        ("datediff(year, '2019-12-31', '2020-01-01')", 1, "bigint"),
        ("datediff(hour, '2020-01-01 01:59:00', '2020-01-01 02:00:00')", 1, "bigint"),
        ("datediff(day, date '2020-01-02', date '2020-01-01')", -1, "bigint"),
        ("dateadd(month, 18, '2008-02-28')", at(2009, 8, 28), "timestamp"),
        ("dateadd(m, 30, '2008-02-28')", at(2008, 2, 28, 0, 30), "timestamp"),
        ("dateadd(month, 1, '2008-04-30')", at(2008, 5, 30), "timestamp"),
        ("dateadd(month, 12, '2016-02-29')", at(2017, 2, 28), "timestamp"),
        ("dateadd(year, 1, '2016-02-29')", at(2017, 3, 1), "timestamp"),
        ("dateadd(day, -1, date '2020-03-01')", at(2020, 2, 29), "timestamp"),
        ("dateadd(hour, 8, time '13:24:55')", datetime.time(21, 24, 55), "time"),
        ("add_months('2008-04-30', 1)", at(2008, 5, 31), "timestamp"),
        ("months_between('1969-01-18', '1969-03-18')", -2.0, "double precision"),
        ("last_day('2004-02-10')", datetime.date(2004, 2, 29), "date"),
        ("next_day('2014-08-20', 'Tuesday')", datetime.date(2014, 8, 26), "date"),
        ("date_trunc('month', date '2008-09-05')", at(2008, 9, 1), "timestamp"),
        ("date_trunc('week', date '2020-05-03')", at(2020, 4, 27), "timestamp"),
        ("date_part(minute, timestamp '2019-10-01 02:03:04')", 3.0, "double precision"),
        ("extract(ms from timestamp '2009-09-09 12:08:43.101')", 101, "integer"),
        ("extract(dow from date '2020-05-03')", 0, "integer"),
        ("extract(epoch from timestamp '1970-01-02')", 86400, "bigint"),
        ("date_part_year(date '2011-11-22')", 2011, "integer"),
        ("trunc(timestamp '2011-07-21 10:32:38')", datetime.date(2011, 7, 21), "date"),
        ("date '2020-01-31' + 1", datetime.date(2020, 2, 1), "date"),
        ("date '2020-01-31' - date '2020-01-01'", 30, "integer"),
        ("date '2020-01-31' + interval '1 day'", at(2020, 2, 1), "timestamp"),
        ("convert_timezone('EST', 'PST', '2008-03-05 09:25:29')", at(2008, 3, 5, 6, 25, 29), "timestamp"),
        ("convert_timezone('America/New_York', '2013-02-01 08:00:00')", at(2013, 2, 1, 3), "timestamp"),
        ("timestamp '2020-01-01 00:00:00' at time zone 'UTC'", None, "timestamptz"),
        ("to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM')", "DECEMBER -THU-31-2009 11:15PM", "varchar"),
        ("to_date('02 Oct 2001', 'DD Mon YYYY')", datetime.date(2001, 10, 2), "date"),
        ("to_date('20010631', 'YYYYMMDD', false)", datetime.date(2001, 7, 1), "date"),
        ("date_cmp('2008-01-01', '2008-01-04')", -1, "integer"),
        ("to_timestamp('2011-12-18 23:38:15', 'YYYY-MM-DD HH24:MI:SS')", None, "timestamptz"),
    ],
    # c_conditional_expressions, r_TRY_CAST, c_Supported_data_types
    "conditions": [
        ("nvl(null, 2)", 2, "integer"),
        ("coalesce(1.5, 2)", D("1.5"), "numeric(11,1)"),
        ("nvl2(null, 'a', 'bc')", "bc", "varchar(2)"),
        ("nullif('a', 'a ')", None, "varchar(1)"),
        ("decode(null, null, 'none', 'some')", "none", "varchar(4)"),
        ("decode(2, 1, 'one', 2, 'two')", "two", "varchar(3)"),
        ("greatest(1, null, 3)", 3, "integer"),
        ("case when true then 1 else 2.50 end", D("1.00"), "numeric(12,2)"),
        ("case 'a ' when 'a' then 1 end", 1, "integer"),
        ("1::boolean", True, "boolean"),
        ("true::int", 1, "integer"),
        ("true::bigint", 1, "bigint"),
        ("'yes'::boolean", True, "boolean"),
        ("try_cast('x' as int)", None, "integer"),
        ("try_cast('12' as int)", 12, "integer"),
        ("try_cast('1.26' as decimal(3,1))", D("1.3"), "numeric(3,1)"),
        ("try_cast('2020-02-30' as date)", None, "date"),
        ("convert(integer, '5')", 5, "integer"),
        ("5 = '5'", True, "boolean"),
        ("5 = '5'::varchar(3)", True, "boolean"),
        ("5.0 = '5'::varchar(3)", True, "boolean"),
        ("date '2020-01-01' = '2020-01-01'::varchar(20)", True, "boolean"),
        ("timestamp '2020-01-01 00:00:00' = '2020-01-01'::varchar(20)", False, "boolean"),
        ("not true or true", True, "boolean"),
        ("null is null", True, "boolean"),
        ("2 between 1 and 3", True, "boolean"),
    ],
    # json-functions, query-super
    "json": [
        ("is_valid_json('{\"a\":1}')", True, "boolean"),
        ("is_valid_json_array('{}')", False, "boolean"),
        ("json_extract_path_text('{\"f2\":{\"f3\":1},\"f4\":{\"f5\":99,\"f6\":\"star\"}}','f4', 'f6')", "star", "varchar(65535)"),
        ("json_extract_path_text('{x', 'a', true)", None, "varchar(65535)"),
        ("json_extract_array_element_text('[111,112,113]', 2)", "113", "varchar(65535)"),
        ("json_array_length('[11,12,13,{\"f1\":21,\"f2\":[25,26]},14]')", 5, "integer"),
        ("json_serialize(json_parse('{\"a\": [1, 2]}'))", '{"a":[1,2]}', "varchar(65535)"),
        ("json_parse('[10001,10002,\"abc\"]')", [10001, 10002, "abc"], "super"),
        ("array(1, 'a', null)", [1, "a", None], "super"),
        ("array_concat(array(10001), array(10003))", [10001, 10003], "super"),
        ("get_array_length(array(1, 2, 3))", 3, "bigint"),
        ("split_to_array('12|345|6789', '|')", ["12", "345", "6789"], "super"),
        ("x.a[1]::int from (select json_parse('{\"a\":[1,2]}') as x)", 2, "integer"),
    ],
}  # fmt: skip
CASES = [(group, *vector) for group, vectors in VECTORS.items() for vector in vectors]


@pytest.mark.parametrize(
    ("group", "expression", "value", "type_"), CASES, ids=[f"{c[0]}: {c[1][:60]}" for c in CASES]
)
def test_expression__value_and_type(
    warehouse: Warehouse, group: str, expression: str, value: Any, type_: str
) -> None:
    named, _, source = expression.partition(" from (")
    given, told = warehouse.value(named, f"from ({source}" if source else "")
    assert told == type_
    if type_ != "timestamptz":
        assert given == value
