"""Date and time functions.

https://learn.microsoft.com/sql/t-sql/functions/date-and-time-data-types-and-functions-transact-sql and its pages
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest

day, at = datetime.date, datetime.datetime
DATE, STAMP = "CAST('2024-02-29' AS date)", "CAST('2024-02-29 13:14:15.123456' AS datetime2(6))"

VECTORS: list[tuple[str, str, Any]] = [
    (f"DATEADD(day, 1, {DATE})", "date", day(2024, 3, 1)),
    ("DATEADD(month, 1, CAST('2024-01-31' AS date))", "date", day(2024, 2, 29)),
    (f"DATEADD(year, 1, {DATE})", "date", day(2025, 2, 28)),
    (f"DATEADD(quarter, -1, {DATE})", "date", day(2023, 11, 29)),
    (f"DATEADD(week, 2, {DATE})", "date", day(2024, 3, 14)),
    (f"DATEADD(hour, 1, {STAMP})", "datetime2(6)", at(2024, 2, 29, 14, 14, 15, 123456)),
    (f"DATEADD(microsecond, 1, {STAMP})", "datetime2(6)", at(2024, 2, 29, 13, 14, 15, 123457)),
    ("DATEADD(day, 1, '2024-02-29')", "datetime", at(2024, 3, 1)),
    ("DATEADD(day, 1, 0)", "datetime", at(1900, 1, 2)),
    (f"DATEADD(day, 1.9, {DATE})", "date", day(2024, 3, 1)),
    ("DATEADD(millisecond, 5, CAST('2024-01-01' AS datetime))", "datetime", at(2024, 1, 1, 0, 0, 0, 7000)),
    ("DATEADD(dd, NULL, CAST('2024-01-01' AS date))", "date", None),
    # ---------- boundaries that are crossed
    ("DATEDIFF(year, '2023-12-31', '2024-01-01')", "int", 1),
    ("DATEDIFF(month, '2024-01-31', '2024-02-01')", "int", 1),
    ("DATEDIFF(quarter, '2024-03-31', '2024-04-01')", "int", 1),
    ("DATEDIFF(day, '2024-01-01 23:59:59', '2024-01-02')", "int", 1),
    ("DATEDIFF(hour, '2024-01-01 00:59', '2024-01-01 01:00')", "int", 1),
    ("DATEDIFF(minute, '2024-01-01', '2024-01-01 01:00')", "int", 60),
    ("DATEDIFF(second, '2024-01-01', '2024-01-02')", "int", 86400),
    ("DATEDIFF(week, '2024-01-06', '2024-01-07')", "int", 1),
    ("DATEDIFF(week, '2024-01-07', '2024-01-13')", "int", 0),
    ("DATEDIFF(day, 0, CAST('1900-01-05' AS date))", "int", 4),
    ("DATEDIFF(day, '2024-01-05', '2024-01-01')", "int", -4),
    ("DATEDIFF(millisecond, '2024-01-01', '2024-01-01 00:00:01')", "int", 1000),
    ("DATEDIFF_BIG(microsecond, '2024-01-01', '2024-01-02')", "bigint", 86400000000),
    ("DATEDIFF(day, NULL, '2024-01-01')", "int", None),
    # ---------- parts
    (f"DATEPART(year, {DATE})", "int", 2024),
    (f"DATEPART(quarter, {DATE})", "int", 1),
    (f"DATEPART(month, {DATE})", "int", 2),
    (f"DATEPART(dayofyear, {DATE})", "int", 60),
    (f"DATEPART(day, {DATE})", "int", 29),
    (f"DATEPART(week, {DATE})", "int", 9),
    ("DATEPART(week, CAST('2024-01-06' AS date))", "int", 1),
    ("DATEPART(week, CAST('2024-01-07' AS date))", "int", 2),
    (f"DATEPART(weekday, {DATE})", "int", 5),
    ("DATEPART(weekday, CAST('2024-03-03' AS date))", "int", 1),
    ("DATEPART(iso_week, CAST('2021-01-03' AS date))", "int", 53),
    (f"DATEPART(hour, {STAMP})", "int", 13),
    (f"DATEPART(minute, {STAMP})", "int", 14),
    (f"DATEPART(second, {STAMP})", "int", 15),
    (f"DATEPART(millisecond, {STAMP})", "int", 123),
    (f"DATEPART(microsecond, {STAMP})", "int", 123456),
    (f"DATEPART(nanosecond, {STAMP})", "int", 123456000),
    (f"DATENAME(month, {DATE})", "nvarchar(30)", "February"),
    (f"DATENAME(weekday, {DATE})", "nvarchar(30)", "Thursday"),
    (f"DATENAME(year, {DATE})", "nvarchar(30)", "2024"),
    (f"YEAR({DATE})", "int", 2024),
    (f"MONTH({STAMP})", "int", 2),
    ("DAY('2024-02-29')", "int", 29),
    ("YEAR(0)", "int", 1900),
    # ---------- construction
    ("EOMONTH(CAST('2024-02-10' AS date))", "date", day(2024, 2, 29)),
    ("EOMONTH('2024-02-10', 1)", "date", day(2024, 3, 31)),
    ("EOMONTH(CAST('2024-01-31' AS date), -2)", "date", day(2023, 11, 30)),
    ("DATEFROMPARTS(2024, 2, 29)", "date", day(2024, 2, 29)),
    ("DATEFROMPARTS(2024, NULL, 29)", "date", None),
    ("DATETIME2FROMPARTS(2024, 2, 29, 1, 2, 3, 5, 1)", "datetime2(1)", at(2024, 2, 29, 1, 2, 3, 500000)),
    ("DATETIMEFROMPARTS(2024, 2, 29, 1, 2, 3, 4)", "datetime", at(2024, 2, 29, 1, 2, 3, 3000)),
    ("TIMEFROMPARTS(1, 2, 3, 4, 1)", "time(1)", datetime.time(1, 2, 3, 400000)),
    ("ISDATE('2024-02-29')", "int", 1),
    ("ISDATE('2023-02-29')", "int", 0),
    # ---------- idioms of dbt's macros
    (f"CAST(DATEADD(month, DATEDIFF(month, 0, {DATE}), 0) AS date)", "date", day(2024, 2, 1)),
    (f"CAST(DATEADD(quarter, DATEDIFF(quarter, 0, {DATE}) + 1, -1) AS date)", "date", day(2024, 3, 31)),
    (f"DATEADD(hour, DATEDIFF(hour, 0, {STAMP}), CAST('1900-01-01' AS datetime2(6)))", "datetime2(6)", at(2024, 2, 29, 13)),
]  # fmt: skip

ERRORS = [
    (f"DATEADD(hour, 1, {DATE})", 9810),
    (f"DATEPART(hour, {DATE})", 9810),
    (f"DATEADD(fortnight, 1, {DATE})", 155),
    (f"DATEPART(epoch, {DATE})", 155),
    ("DATEDIFF(second, '1900-01-01', '2024-01-01')", 535),
    ("DATEFROMPARTS(2023, 2, 29)", 289),
    ("DATEADD(year, 9000, CAST('2024-01-01' AS date))", 517),
    ("DATEADD(day, 1, CAST('9999-12-31' AS date))", 517),
    (f"DATETRUNC(month, {DATE})", 195),
    ("DATE_BUCKET(week, 1, GETDATE())", 195),
    ("GETDATE() AT TIME ZONE 'UTC'", 49999),
    ("SYSDATETIMEOFFSET()", 49999),
    ("GETDATE(1)", 174),
]


@pytest.mark.parametrize(("expression", "kind", "expected"), VECTORS)
def test_moment_function__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    assert pool.value(expression) == (kind, expected)


@pytest.mark.parametrize(("expression", "number"), ERRORS)
def test_moment_function__fails_with_the_documented_number(pool: Any, expression: str, number: int) -> None:
    assert pool.error(f"SELECT {expression}").number == number


def test_clock__is_utc_with_the_documented_types(pool: Any) -> None:
    for expression, kind in [("SYSDATETIME()", "datetime2(7)"), ("GETDATE()", "datetime"), ("GETUTCDATE()", "datetime"), ("CURRENT_TIMESTAMP", "datetime")]:  # fmt: skip
        given, moment = pool.value(expression)
        assert given == kind
        assert abs(datetime.datetime.now(datetime.UTC).replace(tzinfo=None) - moment) < datetime.timedelta(
            minutes=1
        )
