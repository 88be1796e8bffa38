"""String functions: https://learn.microsoft.com/sql/t-sql/functions/string-functions-transact-sql and its pages."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

VECTORS: list[tuple[str, str, Any]] = [
    ("LEN('abc  ')", "int", 3),
    ("LEN('  abc')", "int", 5),
    ("LEN('')", "int", 0),
    ("LEN(NULL)", "int", None),
    ("LEN(CAST('abc' AS varchar(max)))", "bigint", 3),
    ("LEN(N'é🙂')", "int", 2),
    ("LEN(123)", "int", 3),
    ("DATALENGTH('abc  ')", "int", 5),
    ("DATALENGTH(N'abc')", "int", 6),
    ("DATALENGTH('é')", "int", 2),
    ("DATALENGTH(1)", "int", 4),
    ("DATALENGTH(CAST('a' AS char(5)))", "int", 5),
    ("UPPER('abcé')", "varchar(5)", "ABCÉ"),
    ("UPPER('ß')", "varchar(2)", "ß"),
    ("LOWER('ABC')", "varchar(3)", "abc"),
    ("LTRIM('  a ')", "varchar(4)", "a "),
    ("RTRIM(' a  ')", "varchar(4)", " a"),
    ("TRIM('  a ')", "varchar(4)", "a"),
    ("TRIM('.,! ' FROM '  #test .')", "varchar(9)", "#test"),
    ("LEFT('abcdef', 2)", "varchar(2)", "ab"),
    ("LEFT('abc', 0)", "varchar(1)", ""),
    ("RIGHT('abcdef', 2)", "varchar(2)", "ef"),
    ("RIGHT('abc', 0)", "varchar(1)", ""),
    ("SUBSTRING('abcdef', 2, 3)", "varchar(3)", "bcd"),
    ("SUBSTRING('abcdef', 0, 2)", "varchar(2)", "a"),
    ("SUBSTRING('abcdef', -1, 4)", "varchar(4)", "ab"),
    ("SUBSTRING('abcdef', 10, 2)", "varchar(2)", ""),
    ("SUBSTRING('abc', 1, 0)", "varchar(1)", ""),
    ("SUBSTRING(NULL, 1, 2)", "varchar(1)", None),
    ("CONCAT('a', NULL, 'b')", "varchar(3)", "ab"),
    ("CONCAT('a', 1, 'b')", "varchar(14)", "a1b"),
    ("CONCAT('a', N'b')", "nvarchar(2)", "ab"),
    ("CONCAT(NULL, NULL)", "varchar(2)", ""),
    ("CONCAT_WS(',', 'a', NULL, 'b')", "varchar(5)", "a,b"),
    ("REPLACE('abcabc', 'b', 'x')", "varchar(6)", "axcaxc"),
    ("REPLACE('abc', '', 'x')", "varchar(8000)", "abc"),
    ("REPLACE('abc', 'B', 'x')", "varchar(3)", "abc"),
    ("REPLACE('abc', 'b', '')", "varchar(3)", "ac"),
    ("REPLACE('abc', NULL, 'x')", "varchar(8000)", None),
    ("CHARINDEX('b', 'abcb')", "int", 2),
    ("CHARINDEX('b', 'abcb', 3)", "int", 4),
    ("CHARINDEX('x', 'abc')", "int", 0),
    ("CHARINDEX('', 'abc')", "int", 0),
    ("CHARINDEX('B', 'abc')", "int", 0),
    ("CHARINDEX('b', 'abc', -5)", "int", 2),
    ("PATINDEX('%ter%', 'interesting data')", "int", 3),
    ("PATINDEX('%[0-9]%', 'abc1')", "int", 4),
    ("PATINDEX('abc', 'abc')", "int", 1),
    ("PATINDEX('b%', 'abc')", "int", 0),
    ("PATINDEX('%c', 'abc')", "int", 3),
    ("PATINDEX('%[^a-z]%', 'ab-c')", "int", 3),
    ("STUFF('abcdef', 2, 3, 'ijklmn')", "varchar(12)", "aijklmnef"),
    ("STUFF('abc', 5, 1, 'x')", "varchar(4)", None),
    ("STUFF('abc', 1, 1, NULL)", "varchar(4)", "bc"),
    ("REPLICATE('ab', 3)", "varchar(6)", "ababab"),
    ("REPLICATE('ab', -1)", "varchar(8000)", None),
    ("REPLICATE('0', 5 - LEN('ab')) + 'ab'", "varchar(8000)", "000ab"),
    ("SPACE(3) + 'a'", "varchar(4)", "   a"),
    ("REVERSE('abc')", "varchar(3)", "cba"),
    ("CHAR(65)", "char(1)", "A"),
    ("CHAR(300)", "char(1)", None),
    ("NCHAR(233)", "nchar(1)", "é"),
    ("ASCII('A')", "int", 65),
    ("UNICODE(N'é')", "int", 233),
    ("STR(123.45, 6, 1)", "varchar(6)", " 123.5"),
    ("STR(123.45, 2, 2)", "varchar(2)", "**"),
    ("STR(5)", "varchar(10)", "         5"),
    ("SOUNDEX('Smith')", "varchar(5)", "S530"),
    ("SOUNDEX('Smythe')", "varchar(5)", "S530"),
    ("DIFFERENCE('Green', 'Greene')", "int", 4),
    ("QUOTENAME('a]b')", "nvarchar(258)", "[a]]b]"),
    ("QUOTENAME('ab', '\"')", "nvarchar(258)", '"ab"'),
    ("LOWER(CONVERT(varchar(32), HASHBYTES('MD5', 'é'), 2))", "varchar(32)", hashlib.md5("é".encode()).hexdigest()),
    ("CONVERT(varchar(64), HASHBYTES('SHA2_256', 'a'), 2)", "varchar(64)", hashlib.sha256(b"a").hexdigest().upper()),
    ("HASHBYTES('SHA1', N'a')", "varbinary(8000)", hashlib.sha1(b"a\x00").digest()),
    ("HASHBYTES('SHA2_512', 'a')", "varbinary(8000)", hashlib.sha512(b"a").digest()),
    ("FORMAT(CAST('2020-01-02' AS date), 'yyyy-MM')", "nvarchar(4000)", "2020-01"),
    ("FORMAT(CAST('2020-01-02' AS date), 'dd MMM yyyy')", "nvarchar(4000)", "02 Jan 2020"),
    ("FORMAT(1234.5, 'N2')", "nvarchar(4000)", "1,234.50"),
    ("FORMAT(7, '000')", "nvarchar(4000)", "007"),
    ("ISNUMERIC('12.5')", "int", 1),
    ("ISNUMERIC('1e5')", "int", 1),
    ("ISNUMERIC('abc')", "int", 0),
    ("ISNUMERIC('$5')", "int", 1),
    ("ISNUMERIC('-')", "int", 1),
    ("ISNUMERIC('')", "int", 0),
    ("JSON_VALUE('{\"a\":{\"b\":[1,2.50]}}', '$.a.b[1]')", "nvarchar(4000)", "2.50"),
    ("JSON_VALUE('{\"a\":{}}', '$.a')", "nvarchar(4000)", None),
    ("JSON_VALUE('{\"a\":null}', '$.a')", "nvarchar(4000)", None),
    ("JSON_QUERY('{\"a\":{\"b\":1}}', '$.a')", "nvarchar(max)", '{"b":1}'),
    ("ISJSON('{}')", "int", 1),
    ("ISJSON('x')", "int", 0),
]  # fmt: skip

ERRORS = [
    ("LEFT('a', -1)", 536),
    ("SUBSTRING('a', 1, -1)", 537),
    ("JSON_VALUE('x', '$.a')", 13609),
    ("JSON_VALUE('{\"a\":1}', 'strict $.b')", 13608),
    ("HASHBYTES('MD5', 1)", 8116),
    ("FORMAT(CAST('2020-01-02' AS date), 'd', 'fr-FR')", 49999),
    ("TRANSLATE('abc', 'a', 'b')", 195),
    ("GREATEST(1, 2)", 195),
    ("LEN()", 174),
    ("SUBSTRING(12, 1, 1)", 8116),
    ("TRIM(12)", 8116),
    ("SUBSTRING('a', 1)", 174),
    ("CONCAT('a')", 189),
    ("NO_SUCH_FUNCTION(1)", 195),
    ("TRIM('a' FROM 'b', 'c')", 103010),
]


@pytest.mark.parametrize(("expression", "kind", "expected"), VECTORS)
def test_text_function__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    assert pool.value(expression) == (kind, expected)


@pytest.mark.parametrize(("expression", "number"), ERRORS)
def test_text_function__fails_with_the_documented_number(pool: Any, expression: str, number: int) -> None:
    assert pool.error(f"SELECT {expression}").number == number


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("CHARINDEX('B', 'abc')", 2),
        ("REPLACE('aBc', 'b', 'x')", "axc"),
        ("PATINDEX('%B%', 'abc')", 2),
        ("CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END", 1),
        ("CASE WHEN 'abc' LIKE 'A%' THEN 1 ELSE 0 END", 1),
        ("NULLIF('a', 'A')", None),
        ("CASE WHEN 'b' IN ('A', 'B') THEN 1 ELSE 0 END", 1),
        ("CASE WHEN 'a' COLLATE Latin1_General_100_BIN2_UTF8 = 'A' THEN 1 ELSE 0 END", 0),
        ("LEN(N'🙂')", 2),
        ("HASHBYTES('MD5', 'é')", hashlib.md5(b"\xe9").digest()),
    ],
)
def test_text__without_the_binary_collation(insensitive_pool: Any, expression: str, expected: Any) -> None:
    assert insensitive_pool.value(expression)[1] == expected
