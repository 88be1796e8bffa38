"""Operators: the types and values of results.

https://learn.microsoft.com/sql/t-sql/data-types/precision-scale-and-length-transact-sql
https://learn.microsoft.com/sql/t-sql/data-types/data-type-precedence-transact-sql
https://learn.microsoft.com/sql/t-sql/language-elements/divide-transact-sql
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

VECTORS: list[tuple[str, str, Any]] = [
    # ---------- literals
    ("1", "int", 1),
    ("2147483647", "int", 2147483647),
    ("2147483648", "numeric(10,0)", Decimal(2147483648)),
    ("1.50", "numeric(3,2)", Decimal("1.50")),
    ("0.00", "numeric(2,2)", Decimal("0.00")),
    ("1e3", "float", 1000.0),
    ("$1.5", "money", Decimal("1.5000")),
    ("'abc'", "varchar(3)", "abc"),
    ("'é'", "varchar(2)", "é"),
    ("N'é'", "nvarchar(1)", "é"),
    ("'it''s'", "varchar(4)", "it's"),
    ("0x0A", "varbinary(1)", b"\n"),
    ("NULL", "int", None),
    # ---------- integers: a quotient is cut off, the sign of a remainder is the dividend's
    ("7/2", "int", 3),
    ("-7/2", "int", -3),
    ("7%3", "int", 1),
    ("-7%3", "int", -1),
    ("1+CAST(1 AS bigint)", "bigint", 2),
    ("CAST(1 AS smallint)+CAST(1 AS tinyint)", "smallint", 2),
    ("CAST(200 AS tinyint)/CAST(7 AS tinyint)", "tinyint", 28),
    ("2*3+4", "int", 10),
    ("2+3*4", "int", 14),
    ("10-3-2", "int", 5),
    ("-(1+2)", "int", -3),
    ("- -5", "int", 5),
    ("5 & 6", "int", 4),
    ("5 | 6", "int", 7),
    ("5 ^ 6", "int", 3),
    ("~5", "int", -6),
    ("CAST(1 AS bit) | CAST(0 AS bit)", "bit", True),
    # ---------- decimals
    ("1.0/3", "decimal(7,6)", Decimal("0.333333")),
    ("2.0/3", "decimal(7,6)", Decimal("0.666666")),
    ("10/4.0", "decimal(9,6)", Decimal("2.500000")),
    ("1.5+2.25", "decimal(4,2)", Decimal("3.75")),
    ("1.5*2.25", "decimal(6,3)", Decimal("3.375")),
    ("1.5-2.25", "decimal(4,2)", Decimal("-0.75")),
    ("5.5%2", "decimal(2,1)", Decimal("1.5")),
    ("CAST(1 AS int)*1.5", "decimal(13,1)", Decimal("1.5")),
    ("CAST(1 AS bigint)+1.5", "decimal(21,1)", Decimal("2.5")),
    ("CAST(10 AS decimal(18,4))*CAST(3 AS decimal(18,4))", "decimal(37,8)", Decimal("30.00000000")),
    ("CAST(10 AS decimal(18,4))/CAST(3 AS decimal(18,4))", "decimal(38,20)", Decimal("3.33333333333333333333")),
    ("CAST(10 AS decimal(38,10))*CAST(3 AS decimal(38,10))", "decimal(38,6)", Decimal("30.000000")),
    ("CAST(12345678901234567890 AS decimal(38,10))*CAST(100000000 AS decimal(38,10))", "decimal(38,6)", Decimal("1234567890123456789000000000.000000")),
    ("CAST(1 AS decimal(38,10))/CAST(3 AS decimal(38,10))", "decimal(38,6)", Decimal("0.333333")),
    ("CAST(1 AS decimal(38,20))+CAST(1 AS decimal(38,10))", "decimal(38,10)", Decimal("2.0000000000")),
    ("CAST(99 AS decimal(5,2))+CAST(1 AS decimal(5,2))", "decimal(6,2)", Decimal("100.00")),
    ("CAST(-10 AS decimal(9,2))/4", "decimal(13,6)", Decimal("-2.500000")),
    # ---------- money
    ("CAST(10 AS money)/3", "money", Decimal("3.3333")),
    ("CAST(1.5 AS money)*2", "money", Decimal("3.0000")),
    ("CAST(1.5 AS money)+1", "money", Decimal("2.5000")),
    # ---------- floats
    ("1e0/4", "float", 0.25),
    ("1+0.5e0", "float", 1.5),
    ("CAST(1 AS real)+CAST(1 AS real)", "real", 2.0),
    # ---------- text and numbers: the number's type wins
    ("'1'+1", "int", 2),
    ("1+'2'", "int", 3),
    ("'1.5'+1.0", "decimal(3,1)", Decimal("2.5")),
    ("'10'/2", "int", 5),
    # ---------- text
    ("'a'+'bc'", "varchar(3)", "abc"),
    ("'a'+N'b'", "nvarchar(2)", "ab"),
    ("'a'+NULL", "varchar(2)", None),
    ("CAST('a' AS varchar(8000))+'b'", "varchar(8000)", "ab"),
    ("CAST('a' AS varchar(max))+'b'", "varchar(max)", "ab"),
    ("CAST('a' AS char(3))+'b'", "varchar(4)", "a  b"),
    # ---------- datetime and days
    ("CAST('2020-01-01' AS datetime)+1", "datetime", datetime.datetime(2020, 1, 2)),
    ("CAST('2020-01-01' AS datetime)-1", "datetime", datetime.datetime(2019, 12, 31)),
    ("CAST('2020-01-02' AS datetime)-CAST('2020-01-01' AS datetime)", "datetime", datetime.datetime(1900, 1, 2)),
    ("NULL+1", "int", None),
    # ---------- CASE, COALESCE, ISNULL, NULLIF: whose type it is
    ("CASE WHEN 1=1 THEN 1 ELSE 2.5 END", "numeric(11,1)", Decimal("1.0")),
    ("CASE WHEN 1=0 THEN 'a' ELSE 'bcd' END", "varchar(3)", "bcd"),
    ("CASE WHEN 1=1 THEN 'a' ELSE N'bcd' END", "nvarchar(3)", "a"),
    ("CASE WHEN 1=0 THEN 1 END", "int", None),
    ("CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "varchar(3)", "two"),
    ("CASE WHEN 1=1 THEN '5' ELSE 1 END", "int", 5),
    ("CASE WHEN 1=1 THEN CAST('2020-01-01' AS date) ELSE GETDATE() END", "datetime", datetime.datetime(2020, 1, 1)),
    ("COALESCE(NULL, 1)", "int", 1),
    ("COALESCE(NULL, 'a', 'bcd')", "varchar(3)", "a"),
    ("COALESCE(1, 2.5)", "numeric(11,1)", Decimal("1.0")),
    ("ISNULL(NULL, 'ab')", "varchar(2)", "ab"),
    ("ISNULL('abc', 'x')", "varchar(3)", "abc"),
    ("ISNULL(CAST(NULL AS varchar(2)), 'abcdef')", "varchar(2)", "ab"),
    ("ISNULL(CAST(NULL AS int), 2.7)", "int", 2),
    ("NULLIF(1, 1)", "int", None),
    ("NULLIF('a', 'a ')", "varchar(1)", None),
    ("NULLIF('a', 'A')", "varchar(1)", "a"),
    ("IIF(1 > 2, 'yes', 'no')", "varchar(3)", "no"),
    ("CHOOSE(2, 'a', 'bc', 'd')", "varchar(2)", "bc"),
    ("CHOOSE(5, 'a', 'b')", "varchar(1)", None),
]  # fmt: skip

ERRORS = [
    ("1/0", 8134),
    ("1%0", 8134),
    ("1.0/0", 8134),
    ("1e0/0", 8134),
    ("2147483647+1", 8115),
    ("1e308*10", 8115),
    ("CAST(255 AS tinyint)+CAST(1 AS tinyint)", 8115),
    ("CAST(9223372036854775807 AS bigint)+1", 8115),
    ("CAST(99999999999999999999999999999999999999 AS decimal(38,0))+1", 8115),
    ("'a'+1", 245),
    ("'a'*'b'", 402),
    ("-'a'", 8117),
    ("CAST('2020-01-01' AS date)+1", 206),
    ("CAST('2020-01-01' AS datetime2)+1", 206),
    ("1.5 & 2", 8117),
    ("CAST(1 AS bit)+CAST(1 AS bit)", 402),
    ("CASE WHEN 1=1 THEN NULL END", 8133),
    ("COALESCE(NULL, NULL)", 4127),
    ("NULLIF(NULL, 1)", 4151),
    ("CASE WHEN 1=0 THEN 1 ELSE 'x' END", 245),
    ("@undeclared", 137),
]


@pytest.mark.parametrize(("expression", "kind", "expected"), VECTORS)
def test_operator__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    assert pool.value(expression) == (kind, expected)


@pytest.mark.parametrize(("expression", "number"), ERRORS)
def test_operator__fails_with_the_documented_number(pool: Any, expression: str, number: int) -> None:
    assert pool.error(f"SELECT {expression}").number == number


def test_long_concatenation__is_cut_at_8000_bytes_once(pool: Any) -> None:
    chain = "+".join(["CAST(REPLICATE('x', 3000) AS varchar(8000))"] * 12)
    assert pool.value(f"LEN({chain})") == ("int", 8000)


def test_decimal_quotient__is_exact_for_every_size(pool: Any) -> None:
    for a, b in [("12345678901234.5678", "0.0003"), ("99999999999999.9999", "99999999999999.9999"), ("0.0001", "99999999999999.9999"), ("-7.0000", "3.0000")]:  # fmt: skip
        kind, value = pool.value(f"CAST({a} AS decimal(18,4))/CAST({b} AS decimal(18,4))")
        assert kind == "decimal(38,20)"
        exact = (
            int(Decimal(a) * 10**4) * 10**20 // abs(int(Decimal(b) * 10**4))
            if Decimal(a) >= 0
            else -(int(-Decimal(a) * 10**4) * 10**20 // int(Decimal(b) * 10**4))
        )
        assert value == Decimal(exact).scaleb(-20, __import__("decimal").Context(prec=60))
