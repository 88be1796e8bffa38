"""CAST and CONVERT: values and types.

https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
https://learn.microsoft.com/sql/t-sql/data-types/data-type-conversion-database-engine
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

day, at = datetime.date, datetime.datetime

VECTORS: list[tuple[str, str, Any]] = [
    # ---------- numbers: to int cuts off, decimal to decimal rounds, money to int rounds
    ("CAST(2.7 AS int)", "int", 2),
    ("CAST(-2.7 AS int)", "int", -2),
    ("CAST(2.5e0 AS int)", "int", 2),
    ("CAST(10.6496 AS int)", "int", 10),
    ("CAST(-10.6496 AS int)", "int", -10),
    ("CAST(10.3496847 AS money)", "money", Decimal("10.3497")),
    ("CAST(10.6496 AS numeric)", "numeric(18,0)", Decimal("11")),
    ("CAST(1.235 AS decimal(4,2))", "decimal(4,2)", Decimal("1.24")),
    ("CAST(-1.235 AS decimal(4,2))", "decimal(4,2)", Decimal("-1.24")),
    ("CAST(CAST(2.5 AS money) AS int)", "int", 3),
    ("CAST(5 AS bit)", "bit", True),
    ("CAST(0 AS bit)", "bit", False),
    ("CAST(CAST(1 AS bit) AS int)", "int", 1),
    ("CAST(255 AS tinyint)", "tinyint", 255),
    ("CAST(1 AS float)", "float", 1.0),
    ("CAST(1 AS float(24))", "real", 1.0),
    ("CAST(1.5 AS real)", "real", 1.5),
    ("CAST(123456789012345678.12 AS float)", "float", 123456789012345678.12),
    # ---------- text to numbers
    ("CAST('12' AS int)", "int", 12),
    ("CAST(' -12 ' AS int)", "int", -12),
    ("CAST('' AS int)", "int", 0),
    ("CAST('12' AS bigint)", "bigint", 12),
    ("CAST('1.255' AS decimal(5,2))", "decimal(5,2)", Decimal("1.26")),
    ("CAST('.5' AS decimal(5,2))", "decimal(5,2)", Decimal("0.50")),
    ("CAST('1e3' AS float)", "float", 1000.0),
    ("CAST('' AS float)", "float", 0.0),
    ("CAST('$1,234.5' AS money)", "money", Decimal("1234.5000")),
    ("CAST('true' AS bit)", "bit", True),
    ("CAST('0' AS bit)", "bit", False),
    ("CAST('7' AS bit)", "bit", True),
    ("TRY_CAST('x' AS int)", "int", None),
    ("TRY_CAST('12.5' AS int)", "int", None),
    ("TRY_CAST('99999999999' AS int)", "int", None),
    ("TRY_CAST('' AS int)", "int", 0),
    ("TRY_CAST('1e3' AS decimal(9,2))", "decimal(9,2)", None),
    ("TRY_CAST('' AS decimal(9,2))", "decimal(9,2)", None),
    ("TRY_CAST('x' AS float)", "float", None),
    ("TRY_CAST(300 AS tinyint)", "tinyint", None),
    ("TRY_CAST('2020-13-01' AS date)", "date", None),
    ("TRY_CAST('2020-01-02' AS date)", "date", day(2020, 1, 2)),
    ("TRY_CONVERT(int, '5')", "int", 5),
    # ---------- to text
    ("CAST(123 AS varchar(10))", "varchar(10)", "123"),
    ("CAST(123 AS varchar(2))", "varchar(2)", "*"),
    ("CAST(123 AS char(5))", "char(5)", "123  "),
    ("CAST('abcdef' AS varchar(3))", "varchar(3)", "abc"),
    ("CAST('abc' AS char(5))", "char(5)", "abc  "),
    ("CAST('abc' AS varchar)", "varchar(30)", "abc"),
    ("CAST('éé' AS varchar(3))", "varchar(3)", "é"),
    ("CAST(N'éé' AS nvarchar(1))", "nvarchar(1)", "é"),
    ("CAST(N'🙂x' AS nvarchar(2))", "nvarchar(2)", "🙂"),
    ("CAST(N'🙂x' AS nvarchar(1))", "nvarchar(1)", ""),
    ("CAST(1.50 AS varchar(10))", "varchar(10)", "1.50"),
    ("CAST(-0.5 AS varchar(10))", "varchar(10)", "-0.5"),
    ("CAST(1234567.0e0 AS varchar(20))", "varchar(20)", "1.23457e+006"),
    ("CAST(0.1e0 AS varchar(20))", "varchar(20)", "0.1"),
    ("CONVERT(varchar(30), 1.5e0, 3)", "varchar(30)", "1.5000000000000000e+000"),
    ("CAST(CAST(12.345 AS money) AS varchar(10))", "varchar(10)", "12.35"),
    ("CONVERT(varchar(20), CAST(1234567.8 AS money), 1)", "varchar(20)", "1,234,567.80"),
    ("CONVERT(varchar(20), CAST(1234.5678 AS money), 2)", "varchar(20)", "1234.5678"),
    ("CAST(CAST(1 AS bit) AS varchar(1))", "varchar(1)", "1"),
    ("CAST(N'é' AS varchar(10))", "varchar(10)", "é"),
    (
        "CAST(CAST('0e984725-c51c-4bf4-9960-e1c80e27aba0' AS uniqueidentifier) AS varchar(36))",
        "varchar(36)",
        "0E984725-C51C-4BF4-9960-E1C80E27ABA0",
    ),
    # ---------- binary
    ("CONVERT(varchar(10), 0x4D79, 2)", "varchar(10)", "4D79"),
    ("CONVERT(varchar(10), 0x4D79, 1)", "varchar(10)", "0x4D79"),
    ("CONVERT(varchar(10), 0x4D79, 0)", "varchar(10)", "My"),
    ("CONVERT(varbinary(4), '4D79', 2)", "varbinary(4)", b"My"),
    ("CAST('My' AS varbinary(10))", "varbinary(10)", b"My"),
    ("CAST(N'M' AS varbinary(10))", "varbinary(10)", b"M\x00"),
    ("CAST(258 AS varbinary(8))", "varbinary(8)", b"\x00\x00\x01\x02"),
    ("CAST(258 AS binary(2))", "binary(2)", b"\x01\x02"),
    ("CAST(0x0102 AS int)", "int", 258),
    ("CAST('a' AS binary(3))", "binary(3)", b"a\x00\x00"),
    # ---------- text to dates and times
    ("CAST('2020-02-29' AS date)", "date", day(2020, 2, 29)),
    ("CAST('20200229' AS date)", "date", day(2020, 2, 29)),
    ("CAST('02/29/2020' AS date)", "date", day(2020, 2, 29)),
    ("CAST('Feb 29, 2020' AS date)", "date", day(2020, 2, 29)),
    ("CAST('29 February 2020' AS date)", "date", day(2020, 2, 29)),
    ("CONVERT(date, '29/02/2020', 103)", "date", day(2020, 2, 29)),
    ("CONVERT(date, '29.02.2020', 104)", "date", day(2020, 2, 29)),
    ("CAST('' AS date)", "date", day(1900, 1, 1)),
    ("CAST('2020-01-02T03:04:05' AS datetime2(0))", "datetime2(0)", at(2020, 1, 2, 3, 4, 5)),
    ("CAST('2020-01-02 03:04:05.123456' AS datetime2(6))", "datetime2(6)", at(2020, 1, 2, 3, 4, 5, 123456)),
    ("CAST('2020-01-02 03:04:05.1254' AS datetime2(2))", "datetime2(2)", at(2020, 1, 2, 3, 4, 5, 130000)),
    ("CAST('2020-01-02 03:04:05.123' AS datetime)", "datetime", at(2020, 1, 2, 3, 4, 5, 123000)),
    ("CAST('2020-01-02 03:04:05.998' AS datetime)", "datetime", at(2020, 1, 2, 3, 4, 5, 997000)),
    ("CAST('2020-01-02 03:04:05.999' AS datetime)", "datetime", at(2020, 1, 2, 3, 4, 6)),
    ("CAST('2020-01-02 3:04PM' AS datetime2(0))", "datetime2(0)", at(2020, 1, 2, 15, 4)),
    ("CAST('Jan 2 2020 3:04PM' AS datetime)", "datetime", at(2020, 1, 2, 15, 4)),
    ("CAST('2020-01-02 03:04:30' AS smalldatetime)", "smalldatetime", at(2020, 1, 2, 3, 5)),
    ("CAST('2024-01-01 00:00:00+00:00' AS datetime2(6))", "datetime2(6)", at(2024, 1, 1)),
    ("CAST('2024-01-01T00:00:00Z' AS datetime2(6))", "datetime2(6)", at(2024, 1, 1)),
    ("CAST('13:14:15' AS time(0))", "time(0)", datetime.time(13, 14, 15)),
    # ---------- between dates and times
    ("CAST(CAST('2020-01-02 03:04:05' AS datetime2(0)) AS date)", "date", day(2020, 1, 2)),
    ("CAST(CAST('2020-01-02' AS date) AS datetime2(3))", "datetime2(3)", at(2020, 1, 2)),
    (
        "CAST(CAST('2020-01-02 03:04:05.5678' AS datetime2(4)) AS datetime2(2))",
        "datetime2(2)",
        at(2020, 1, 2, 3, 4, 5, 570000),
    ),
    ("CAST(0 AS datetime)", "datetime", at(1900, 1, 1)),
    ("CAST(1.5 AS datetime)", "datetime", at(1900, 1, 2, 12)),
    ("CAST(CAST('1900-01-03' AS datetime) AS int)", "int", 2),
    ("CAST(CAST('2020-01-02 03:04:05' AS datetime2(0)) AS time(0))", "time(0)", datetime.time(3, 4, 5)),
    # ---------- styles
    ("CAST(CAST('2020-01-02' AS date) AS varchar(20))", "varchar(20)", "2020-01-02"),
    ("CAST(CAST('2020-01-02 03:04:05' AS datetime) AS varchar(30))", "varchar(30)", "Jan  2 2020  3:04AM"),
    (
        "CAST(CAST('2020-01-02 03:04:05' AS datetime2(3)) AS varchar(30))",
        "varchar(30)",
        "2020-01-02 03:04:05.000",
    ),
    (
        "CONVERT(varchar(26), CAST('2020-01-02 03:04:05.6' AS datetime2(6)), 121)",
        "varchar(26)",
        "2020-01-02 03:04:05.600000",
    ),
    ("CONVERT(varchar(30), CAST('2020-01-02' AS date), 101)", "varchar(30)", "01/02/2020"),
    ("CONVERT(varchar(30), CAST('2020-01-02' AS date), 103)", "varchar(30)", "02/01/2020"),
    ("CONVERT(varchar(30), CAST('2020-01-02' AS date), 104)", "varchar(30)", "02.01.2020"),
    ("CONVERT(varchar(30), CAST('2020-01-02' AS date), 106)", "varchar(30)", "02 Jan 2020"),
    ("CONVERT(varchar(30), CAST('2020-01-02' AS date), 107)", "varchar(30)", "Jan 02, 2020"),
    ("CONVERT(varchar(8), CAST('2020-01-02' AS date), 112)", "varchar(8)", "20200102"),
    (
        "CONVERT(varchar(30), CAST('2020-01-02 15:04:05.123' AS datetime), 120)",
        "varchar(30)",
        "2020-01-02 15:04:05",
    ),
    (
        "CONVERT(varchar(30), CAST('2020-01-02 15:04:05.123' AS datetime), 121)",
        "varchar(30)",
        "2020-01-02 15:04:05.123",
    ),
    (
        "CONVERT(varchar(30), CAST('2020-01-02 15:04:05.123' AS datetime), 126)",
        "varchar(30)",
        "2020-01-02T15:04:05.123",
    ),
    (
        "CONVERT(varchar(30), CAST('2020-01-02 15:04:05' AS datetime), 126)",
        "varchar(30)",
        "2020-01-02T15:04:05",
    ),
    ("CONVERT(varchar(30), CAST('2020-01-02 15:04:05' AS datetime), 108)", "varchar(30)", "15:04:05"),
    (
        "CONVERT(varchar(30), CAST('2020-01-02 15:04:05' AS datetime), 109)",
        "varchar(30)",
        "Jan  2 2020  3:04:05:000PM",
    ),
    ("CONVERT(varchar(4), CAST('2020-01-02' AS date), 120)", "varchar(4)", "2020"),
    # ---------- NULL
    ("CAST(NULL AS varchar(5))", "varchar(5)", None),
    ("CAST(NULL AS date)", "date", None),
]

ERRORS = [
    ("CAST('x' AS int)", 245),
    ("CAST('12.5' AS int)", 245),
    ("CAST('99999999999' AS int)", 248),
    ("CAST('300' AS tinyint)", 244),
    ("CAST('x' AS bigint)", 8114),
    ("CAST('x' AS decimal(9,2))", 8114),
    ("CAST('' AS decimal(9,2))", 8114),
    ("CAST('1e3' AS decimal(9,2))", 8114),
    ("CAST('12345678' AS decimal(5,2))", 8115),
    ("CAST(1000 AS decimal(5,2))", 8115),
    ("CAST('x' AS float)", 8114),
    ("CAST('x' AS bit)", 245),
    ("CAST(300 AS tinyint)", 8115),
    ("CAST(3000000000 AS int)", 8115),
    ("CAST('2020-02-30' AS date)", 241),
    ("CAST('x' AS datetime2)", 241),
    ("CAST('1700-01-01' AS datetime)", 242),
    ("CAST('x' AS uniqueidentifier)", 8169),
    ("CAST(1234567 AS nvarchar(3))", 8115),
    ("CAST(1.2345 AS varchar(3))", 8115),
    ("CAST(GETDATE() AS uniqueidentifier)", 529),
    ("CAST(CAST('2020-01-01' AS date) AS int)", 529),
    ("CONVERT(varchar(30), GETDATE(), 999)", 281),
    ("CONVERT(varchar(30), CAST('2020-01-01' AS date), 108)", 281),
    ("CAST('2020-01-01 00:00:00+02:00' AS datetime2)", 49999),
    ("CAST('2020-01-01 00:00:00.1234567' AS datetime2)", 49999),
    ("CAST(1 AS xml)", 104304),
    ("CAST(1 AS nosuchtype)", 243),
    ("CAST(1 AS decimal(39,2))", 2750),
    ("CAST(1 AS varchar(9000))", 131),
]


@pytest.mark.parametrize(("expression", "kind", "expected"), VECTORS)
def test_conversion__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    assert pool.value(expression) == (kind, expected)


@pytest.mark.parametrize(("expression", "number"), ERRORS)
def test_conversion__fails_with_the_documented_number(pool: Any, expression: str, number: int) -> None:
    assert pool.error(f"SELECT {expression}").number == number


def test_varchar__counts_code_page_bytes_without_utf8(insensitive_pool: Any) -> None:
    assert insensitive_pool.value("CAST('éé' AS varchar(2))") == ("varchar(2)", "éé")
    assert insensitive_pool.value("CAST(N'a☃b' AS varchar(5))") == ("varchar(5)", "a?b")
    assert insensitive_pool.value("'☃'") == ("varchar(1)", "?")
