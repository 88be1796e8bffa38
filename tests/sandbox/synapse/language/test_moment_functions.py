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
    ("GETDATE() AT TIME ZONE 'Nowhere'", 9820),
    ("GETDATE() AT TIME ZONE 'Samoa Standard Time'", 49999),
    ("DATEDIFF(day, SYSDATETIMEOFFSET(), GETDATE())", 49999),
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


CET, PST = "AT TIME ZONE 'Central European Standard Time'", "AT TIME ZONE 'Pacific Standard Time'"
OFFSETS: list[tuple[str, str, Any]] = [
    # the page's own examples
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-03-29T01:01:00', 126) {CET})", "varchar(30)", "2015-03-29 01:01:00 +01:00"),
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-03-29T02:01:00', 126) {CET})", "varchar(30)", "2015-03-29 03:01:00 +02:00"),
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-03-29T03:01:00', 126) {CET})", "varchar(30)", "2015-03-29 03:01:00 +02:00"),
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-10-25T01:01:00', 126) {CET})", "varchar(30)", "2015-10-25 01:01:00 +02:00"),
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-10-25T02:00:00', 126) {CET})", "varchar(30)", "2015-10-25 02:00:00 +02:00"),
    (f"CONVERT(varchar(30), CONVERT(datetime2(0), '2015-10-25T03:01:00', 126) {CET})", "varchar(30)", "2015-10-25 03:01:00 +01:00"),
    (f"CAST({STAMP} AT TIME ZONE 'UTC' {PST} AS datetime2(0))", "datetime2(0)", at(2024, 2, 29, 5, 14, 15)),
    (f"CAST({STAMP} {PST} {CET} AS date)", "date", day(2024, 2, 29)),
    (f"{STAMP} AT TIME ZONE 'UTC'", "datetimeoffset(6)", {"utc": at(2024, 2, 29, 13, 14, 15, 123456), "minutes": 0}),
    ("CAST('2024-01-01 12:00:00 +02:00' AS datetimeoffset(0))", "datetimeoffset(0)", {"utc": at(2024, 1, 1, 10), "minutes": 120}),
    ("CAST(CAST('2024-01-01 12:00:00 +02:00' AS datetimeoffset) AS datetime2(0))", "datetime2(0)", at(2024, 1, 1, 12)),
    ("CAST(CAST('2024-01-01 12:00:00 +02:00' AS datetimeoffset(2)) AS varchar(40))", "varchar(40)", "2024-01-01 12:00:00.00 +02:00"),
    ("CONVERT(varchar(40), CAST('2024-01-01 12:00:00 +02:00' AS datetimeoffset(0)), 127)", "varchar(40)", "2024-01-01T10:00:00Z"),
    ("CAST(SWITCHOFFSET(CAST('2024-01-01 12:00 +00:00' AS datetimeoffset(0)), '-05:30') AS varchar(40))", "varchar(40)", "2024-01-01 06:30:00 -05:30"),
    ("CAST(TODATETIMEOFFSET(CAST('2024-01-01' AS datetime2(0)), 60) AS varchar(40))", "varchar(40)", "2024-01-01 00:00:00 +01:00"),
    ("DATEPART(tzoffset, CAST('2024-01-01 12:00 +02:00' AS datetimeoffset))", "int", 120),
    ("DATEPART(hour, CAST('2024-01-01 12:00 +02:00' AS datetimeoffset))", "int", 12),
    ("CAST(DATEADD(day, 1, CAST('2024-01-01 12:00 +02:00' AS datetimeoffset(0))) AS varchar(40))", "varchar(40)", "2024-01-02 12:00:00 +02:00"),
    ("CASE WHEN CAST('2024-01-01 12:00 +02:00' AS datetimeoffset) = CAST('2024-01-01 10:00' AS datetime2) THEN 1 ELSE 0 END", "int", 1),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "kind", "expected"), OFFSETS)
def test_offset__gives_the_documented_value_and_type(
    pool: Any, expression: str, kind: str, expected: Any
) -> None:
    assert pool.value(expression) == (kind, expected)


def test_offsets__group_and_order_by_the_instant(pool: Any) -> None:
    rows = "SELECT CAST('2024-01-01 12:00 +02:00' AS datetimeoffset(0)) AS t UNION ALL SELECT CAST('2024-01-01 10:00 +00:00' AS datetimeoffset(0)) UNION ALL SELECT CAST('2024-01-01 09:00 -02:00' AS datetimeoffset(0))"
    assert pool.rows(f"SELECT COUNT(*) FROM ({rows}) AS q GROUP BY t ORDER BY t") == [(2,), (1,)]
    assert pool.rows(f"SELECT COUNT(*) FROM (SELECT DISTINCT t FROM ({rows}) AS q) AS r") == [(2,)]
