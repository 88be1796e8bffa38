"""Mathematical functions: https://learn.microsoft.com/sql/t-sql/functions/mathematical-functions-transact-sql"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

VECTORS: list[tuple[str, str, Any]] = [
    ("ABS(-1)", "int", 1),
    ("ABS(-1.5)", "numeric(2,1)", Decimal("1.5")),
    ("ABS(CAST(-1 AS smallint))", "int", 1),
    ("SIGN(-5)", "int", -1),
    ("SIGN(-5.5)", "numeric(2,1)", Decimal("-1.0")),
    ("FLOOR(1.7)", "numeric(2,0)", Decimal("1")),
    ("FLOOR(-1.2)", "numeric(2,0)", Decimal("-2")),
    ("CEILING(1.2)", "numeric(2,0)", Decimal("2")),
    ("CEILING(1.2e0)", "float", 2.0),
    ("ROUND(123.9994, 3)", "numeric(7,4)", Decimal("123.9990")),
    ("ROUND(123.9995, 3)", "numeric(7,4)", Decimal("124.0000")),
    ("ROUND(123.4545, 2)", "numeric(7,4)", Decimal("123.4500")),
    ("ROUND(123.45, -2)", "numeric(5,2)", Decimal("100.00")),
    ("ROUND(150.75, 0)", "numeric(5,2)", Decimal("151.00")),
    ("ROUND(150.75, 0, 1)", "numeric(5,2)", Decimal("150.00")),
    ("ROUND(748.58, -1)", "numeric(5,2)", Decimal("750.00")),
    ("ROUND(748.58, -2)", "numeric(5,2)", Decimal("700.00")),
    ("ROUND(-2.5, 0)", "numeric(2,1)", Decimal("-3.0")),
    ("ROUND(1.2345, 2, 1)", "numeric(5,4)", Decimal("1.2300")),
    ("ROUND(155, -1)", "int", 160),
    ("ROUND(-155, -1)", "int", -160),
    ("ROUND(2.5e0, 0)", "float", 3.0),
    ("POWER(2, 10)", "int", 1024),
    ("POWER(2, -1)", "int", 0),
    ("POWER(2.0, 3)", "numeric(38,1)", Decimal("8.0")),
    ("POWER(2e0, -1)", "float", 0.5),
    ("SQRT(16)", "float", 4.0),
    ("SQUARE(3)", "float", 9.0),
    ("EXP(0)", "float", 1.0),
    ("LOG(1)", "float", 0.0),
    ("LOG(8, 2)", "float", 3.0),
    ("LOG10(100)", "float", 2.0),
    ("PI()", "float", 3.141592653589793),
    ("COS(0)", "float", 1.0),
    ("ATN2(0, 1)", "float", 0.0),
]

ERRORS = [
    ("POWER(2, 31)", 8115),
    ("SQRT(-1)", 3623),
    ("LOG(0)", 3623),
    ("EXP(1000)", 8115),
    ("ABS(CAST('2020-01-01' AS date))", 8116),
    ("ROUND(1.5)", 189),
    ("ABS(1, 2)", 174),
    ("RAND()", 49999),
]


@pytest.mark.parametrize(("expression", "kind", "expected"), VECTORS)
def test_number_function__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    found, value = pool.value(expression)
    assert found == kind
    assert value == (pytest.approx(expected) if kind == "float" else expected)


@pytest.mark.parametrize(("expression", "number"), ERRORS)
def test_number_function__fails_with_the_documented_number(pool: Any, expression: str, number: int) -> None:
    assert pool.error(f"SELECT {expression}").number == number


def test_round__that_does_not_fit_its_type_overflows(pool: Any) -> None:
    """The page's own example: ROUND(748.58, -3) is 1000, which decimal(5,2) cannot hold."""
    assert pool.error("SELECT ROUND(748.58, -3)").number == 8115
