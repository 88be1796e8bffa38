"""Queries: rows, names and types of results.

https://learn.microsoft.com/sql/t-sql/queries/select-transact-sql and the pages of its clauses
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture(scope="module")
def shop(pool: Any) -> Any:
    fill(pool)
    return pool


def fill(pool: Any) -> None:
    pool.table("customer", id="int not null", name="varchar(20)", city="char(6)", born="date")
    pool.table(
        "sale", id="int not null", customer_id="int", amount="decimal(18,4)", at="datetime2(6)", n="smallint"
    )
    for row in ["1, 'Ann', 'Oslo', '1990-01-01'", "2, 'ann ', 'Oslo', '1985-05-05'", "3, 'Bob', 'Rome', NULL", "4, NULL, NULL, NULL", "5, 'Ann  ', 'Bern', '1990-01-01'"]:  # fmt: skip
        pool.query(f"INSERT INTO customer SELECT {row}")
    for row in ["1, 1, 10.5, '2024-01-01 10:00', 1", "2, 1, 20, '2024-01-02', 2", "3, 2, 5, '2024-02-01', 3", "4, 9, 1, '2024-02-02', NULL"]:  # fmt: skip
        pool.query(f"INSERT INTO sale SELECT {row}")


CASES: list[tuple[str, list[tuple[Any, ...]]]] = [
    # ---------- trailing blanks and NULLs
    ("SELECT id FROM customer WHERE name = 'Ann' ORDER BY id", [(1,), (5,)]),
    ("SELECT id FROM customer WHERE name = 'Ann   ' ORDER BY id", [(1,), (5,)]),
    ("SELECT id FROM customer WHERE name <> 'Ann' ORDER BY id", [(2,), (3,)]),
    ("SELECT id FROM customer WHERE city = 'Oslo' ORDER BY id", [(1,), (2,)]),
    ("SELECT id FROM customer WHERE name LIKE 'Ann' ORDER BY id", [(1,), (5,)]),
    ("SELECT id FROM customer WHERE name LIKE 'Ann ' ORDER BY id", [(5,)]),
    ("SELECT id FROM customer WHERE name LIKE '[A-B]%' ORDER BY id", [(1,), (3,), (5,)]),
    ("SELECT id FROM customer WHERE name LIKE '_o_'", [(3,)]),
    ("SELECT id FROM customer WHERE name LIKE '%!%%' ESCAPE '!'", []),
    ("SELECT id FROM customer WHERE name NOT LIKE 'A%' ORDER BY id", [(2,), (3,)]),
    ("SELECT id FROM customer WHERE name IN ('Ann', 'x') ORDER BY id", [(1,), (5,)]),
    ("SELECT id FROM customer WHERE name NOT IN ('Ann', NULL)", []),
    ("SELECT id FROM customer WHERE name IS NULL", [(4,)]),
    ("SELECT id FROM customer WHERE id BETWEEN 2 AND 3 ORDER BY id", [(2,), (3,)]),
    ("SELECT name, COUNT(*) FROM customer GROUP BY name ORDER BY name", [(None, 1), ("Ann", 2), ("Bob", 1), ("ann ", 1)]),
    ("SELECT COUNT(DISTINCT name), COUNT(name), COUNT(*) FROM customer", [(3, 4, 5)]),
    ("SELECT COUNT(*) FROM (SELECT DISTINCT name FROM customer) AS q", [(4,)]),
    ("SELECT COUNT(*) FROM (SELECT name FROM customer UNION SELECT 'Bob  ') AS q", [(4,)]),
    ("SELECT name FROM customer INTERSECT SELECT 'Bob  '", [("Bob",)]),
    ("SELECT id FROM customer EXCEPT SELECT customer_id FROM sale ORDER BY id", [(3,), (4,), (5,)]),
    ("SELECT name FROM customer WHERE id = 3 EXCEPT SELECT 'Bob '", []),
    ("SELECT a.id, b.id FROM customer AS a JOIN customer AS b ON a.name = b.name AND a.id < b.id", [(1, 5)]),
    ("SELECT id FROM customer ORDER BY born, id", [(3,), (4,), (2,), (1,), (5,)]),
    ("SELECT id FROM customer ORDER BY born DESC, id DESC", [(5,), (1,), (2,), (4,), (3,)]),
    ("SELECT name FROM customer WHERE id < 4 ORDER BY name", [("Ann",), ("Bob",), ("ann ",)]),
    # ---------- aggregates
    ("SELECT SUM(n), AVG(n), MIN(n), MAX(n) FROM sale", [(6, 2, 1, 3)]),
    ("SELECT SUM(amount), AVG(amount) FROM sale", [(Decimal("36.5000"), Decimal("9.125000"))]),
    ("SELECT SUM(n) FROM sale WHERE id > 100", [(None,)]),
    ("SELECT COUNT(*) FROM sale HAVING COUNT(*) > 3", [(4,)]),
    ("SELECT YEAR(at), SUM(n) FROM sale GROUP BY YEAR(at)", [(2024, 6)]),
    ("SELECT city, COUNT(*) AS n FROM customer GROUP BY city HAVING COUNT(*) > 1", [("Oslo  ", 2)]),
    ("SELECT CASE WHEN GROUPING(city) = 1 THEN 'all' ELSE city END, COUNT(*) FROM customer WHERE city IS NOT NULL GROUP BY ROLLUP (city) ORDER BY GROUPING(city), city", [("Bern  ", 1), ("Oslo  ", 2), ("Rome  ", 1), ("all", 4)]),
    ("SELECT STRING_AGG(name, ',') WITHIN GROUP (ORDER BY id DESC) FROM customer", [("Ann  ,Bob,ann ,Ann",)]),
    ("SELECT UPPER(name) FROM customer WHERE id < 3 GROUP BY UPPER(name)", [("ANN",)]),
    ("SELECT name + '!' FROM customer WHERE id = 3 GROUP BY name", [("Bob!",)]),
    ("SELECT MAX(name) FROM customer", [("ann ",)]),
    ("SELECT STDEV(n), VARP(n) FROM sale", [(1.0, 2 / 3)]),
    ("SELECT APPROX_COUNT_DISTINCT(customer_id) FROM sale", [(3,)]),
    ("SELECT COUNT_BIG(*) FROM sale", [(4,)]),
    ("SELECT (SELECT MAX(s.amount) FROM sale AS s WHERE s.customer_id = c.id) FROM customer AS c WHERE c.id < 3 ORDER BY c.id", [(Decimal("20.0000"),), (Decimal("5.0000"),)]),
    # ---------- joins, subqueries
    ("SELECT c.id, s.id FROM customer AS c LEFT JOIN sale AS s ON s.customer_id = c.id WHERE c.id < 4 ORDER BY c.id, s.id", [(1, 1), (1, 2), (2, 3), (3, None)]),
    ("SELECT COUNT(*) FROM customer AS c FULL OUTER JOIN sale AS s ON s.customer_id = c.id", [(7,)]),
    ("SELECT COUNT(*) FROM customer CROSS JOIN sale", [(20,)]),
    ("SELECT COUNT(*) FROM customer, sale WHERE customer.id = sale.customer_id", [(3,)]),
    ("SELECT id FROM customer AS c WHERE EXISTS (SELECT 1 FROM sale WHERE customer_id = c.id) ORDER BY id", [(1,), (2,)]),
    ("SELECT id FROM customer WHERE id NOT IN (SELECT customer_id FROM sale) ORDER BY id", [(3,), (4,), (5,)]),
    ("SELECT id FROM sale WHERE amount >= ALL (SELECT amount FROM sale)", [(2,)]),
    ("SELECT id FROM sale WHERE customer_id = ANY (SELECT id FROM customer) ORDER BY id", [(1,), (2,), (3,)]),
    ("SELECT c.id, x.id FROM customer AS c CROSS APPLY (SELECT TOP 1 s.id FROM sale AS s WHERE s.customer_id = c.id ORDER BY s.id DESC) AS x ORDER BY c.id", [(1, 2), (2, 3)]),
    ("SELECT c.id, x.id FROM customer AS c OUTER APPLY (SELECT TOP 1 s.id FROM sale AS s WHERE s.customer_id = c.id ORDER BY s.id) AS x WHERE c.id > 1 AND c.id < 4 ORDER BY c.id", [(2, 3), (3, None)]),
    ("SELECT a.id FROM customer a JOIN sale b JOIN sale c ON b.id = c.id ON a.id = b.customer_id ORDER BY 1", [(1,), (1,), (2,)]),
    ("SELECT q.x FROM (SELECT id AS x FROM customer) AS q WHERE q.x = 1", [(1,)]),
    ("SELECT d.a, d.b FROM (SELECT id, name FROM customer) AS d (a, b) WHERE d.a = 3", [(3, "Bob")]),
    ("SELECT customer.* FROM customer JOIN sale ON sale.id = customer.id AND customer.id = 3", [(3, "Bob", "Rome  ", None)]),
    ("SELECT dbo.customer.id FROM dbo.customer WHERE dbo.customer.id = 1", [(1,)]),
    ("SELECT dev.dbo.customer.id FROM dev.dbo.customer WHERE id = 1", [(1,)]),
    ("SELECT [id] FROM [dbo].[customer] WHERE \"id\" = 1", [(1,)]),
    ("SELECT ID FROM CUSTOMER AS C WHERE c.Id = 1", [(1,)]),
    # ---------- WITH
    ("WITH a AS (SELECT id FROM customer WHERE id < 3), b (x) AS (SELECT id FROM a WHERE id > 1) SELECT x FROM b", [(2,)]),
    ("WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT x + 1 FROM a ORDER BY x DESC", [(2,), (1,)]),
    ("WITH l AS (SELECT c FROM (SELECT 1 UNION ALL SELECT 1) AS d(c)) SELECT COUNT(*) FROM l AS a CROSS JOIN l AS b CROSS JOIN l AS c", [(8,)]),
    # ---------- TOP, DISTINCT
    ("SELECT TOP 2 id FROM customer ORDER BY id DESC", [(5,), (4,)]),
    ("SELECT TOP (1) WITH TIES city FROM customer WHERE city IS NOT NULL ORDER BY city DESC", [("Rome  ",)]),
    ("SELECT TOP (1) WITH TIES born FROM customer ORDER BY born", [(None,), (None,)]),
    ("SELECT TOP 50 PERCENT id FROM customer ORDER BY id", [(1,), (2,), (3,)]),
    ("SELECT TOP 0 id FROM customer", []),
    ("SELECT DISTINCT TOP 2 city FROM customer ORDER BY city DESC", [("Rome  ",), ("Oslo  ",)]),
    # ---------- windows
    ("SELECT id, ROW_NUMBER() OVER (PARTITION BY name ORDER BY id DESC) FROM customer ORDER BY id", [(1, 2), (2, 1), (3, 1), (4, 1), (5, 1)]),
    ("SELECT id, SUM(n) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM sale ORDER BY id", [(1, 1), (2, 3), (3, 6), (4, 6)]),
    ("SELECT id, LAG(n, 1, 0) OVER (ORDER BY id), LEAD(n) OVER (ORDER BY id) FROM sale ORDER BY id", [(1, 0, 2), (2, 1, 3), (3, 2, None), (4, 3, None)]),
    ("SELECT FIRST_VALUE(id) OVER (ORDER BY amount), LAST_VALUE(id) OVER (ORDER BY amount ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM sale WHERE id = 1", [(1, 1)]),
    ("SELECT NTILE(2) OVER (ORDER BY id), RANK() OVER (ORDER BY customer_id), DENSE_RANK() OVER (ORDER BY customer_id) FROM sale ORDER BY id", [(1, 1, 1), (1, 1, 1), (2, 3, 2), (2, 4, 3)]),
    ("SELECT DISTINCT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY amount) OVER (PARTITION BY 1) FROM sale", [(7.75,)]),
    ("SELECT DISTINCT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY n) OVER () FROM sale", [(2,)]),
    ("SELECT city, SUM(COUNT(*)) OVER (), ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) FROM customer WHERE city IS NOT NULL GROUP BY city ORDER BY 3", [("Oslo  ", 4, 1), ("Rome  ", 4, 2), ("Bern  ", 4, 3)]),
    ("SELECT ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) FROM customer WHERE id = 1", [(1,)]),
    ("SELECT AVG(n) OVER (PARTITION BY customer_id) FROM sale ORDER BY id", [(1,), (1,), (3,), (None,)]),
    # ---------- PIVOT, UNPIVOT, table functions
    ("SELECT [1], [2] FROM (SELECT customer_id, amount FROM sale) AS q PIVOT (SUM(amount) FOR customer_id IN ([1], [2])) AS p", [(Decimal("30.5000"), Decimal("5.0000"))]),
    ("SELECT what, v FROM (SELECT id, customer_id FROM sale WHERE id = 3) AS q UNPIVOT (v FOR what IN (id, customer_id)) AS u ORDER BY what", [("customer_id", 2), ("id", 3)]),
    ("SELECT value FROM STRING_SPLIT('a,b,c', ',') ORDER BY value", [("a",), ("b",), ("c",)]),
    ("SELECT c.id, s.value FROM customer AS c CROSS APPLY STRING_SPLIT(c.name, 'n') AS s WHERE c.id = 1 ORDER BY s.value", [(1, ""), (1, ""), (1, "A")]),
    ("SELECT [key], value, type FROM OPENJSON('{\"a\":1,\"b\":\"x\"}')", [("a", "1", 2), ("b", "x", 1)]),
    ("SELECT n, s FROM OPENJSON('[{\"n\":1,\"s\":\"a\"},{\"n\":2}]') WITH (n int, s varchar(10) '$.s') ORDER BY n", [(1, "a"), (2, None)]),
    # ---------- conversions between the sides of a comparison
    ("SELECT id FROM customer WHERE id = '3'", [(3,)]),
    ("SELECT id FROM customer WHERE born = '1985-05-05'", [(2,)]),
    ("SELECT id FROM sale WHERE at >= '2024-02-01' ORDER BY id", [(3,), (4,)]),
    ("SELECT id FROM sale WHERE at >= '2024-01-02 00:00:00+00:00' AND at < '2024-02-01 00:00:00+00:00'", [(2,)]),
    ("SELECT id FROM sale WHERE amount = 20", [(2,)]),
    ("SELECT id FROM sale WHERE CAST(at AS date) = CAST('2024-01-01' AS date)", [(1,)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_query__gives_these_rows(shop: Any, text: str, expected: list[tuple[Any, ...]]) -> None:
    assert shop.rows(text) == [tuple(row) for row in expected]


TYPES = [
    ("SELECT id, name, city, born FROM customer", ["int", "varchar(20)", "char(6)", "date"]),
    ("SELECT COUNT(*), SUM(n), AVG(n), SUM(amount), AVG(amount) FROM sale", ["int", "int", "int", "decimal(38,4)", "decimal(38,6)"]),
    ("SELECT MIN(at), MAX(n), COUNT_BIG(*), STDEV(n) FROM sale", ["datetime2(6)", "smallint", "bigint", "float"]),
    ("SELECT name FROM customer UNION ALL SELECT 'a longer text than twenty'", ["varchar(25)"]),
    ("SELECT n FROM sale UNION ALL SELECT amount FROM sale", ["decimal(18,4)"]),
    ("SELECT NULL AS x UNION ALL SELECT 'abc'", ["varchar(3)"]),
    ("SELECT born FROM customer UNION ALL SELECT at FROM sale", ["datetime2(6)"]),
    ("SELECT CASE WHEN n = 1 THEN amount ELSE n END FROM sale", ["decimal(18,4)"]),
    ("SELECT ROW_NUMBER() OVER (ORDER BY id), CUME_DIST() OVER (ORDER BY id), LAG(name) OVER (ORDER BY id) FROM customer", ["bigint", "float", "varchar(20)"]),
    ("SELECT name + city, CONCAT(name, '-', id) FROM customer", ["varchar(26)", "varchar(33)"]),
    ("SELECT amount * n, amount / n, amount + n FROM sale", ["decimal(24,4)", "decimal(24,10)", "decimal(19,4)"]),
    ("SELECT STRING_AGG(name, ',') FROM customer", ["varchar(8000)"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), TYPES)
def test_query__has_these_types(shop: Any, text: str, kinds: list[str]) -> None:
    assert [column.type.sql() for column in shop.query(text)[0]] == kinds


def test_names_and_nullability(shop: Any) -> None:
    columns, _ = shop.query(
        "SELECT c.id, c.name AS [full name], 1, ISNULL(c.name, ''), s.id AS sale_id, total = 5 FROM customer AS c LEFT JOIN sale AS s ON s.customer_id = c.id"
    )
    assert [column.name for column in columns] == ["id", "full name", "", "", "sale_id", "total"]
    assert [column.nullable for column in columns] == [False, True, False, False, True, False]


def test_case_insensitive_pool__compares_joins_and_groups_without_case(insensitive_pool: Any) -> None:
    fill(insensitive_pool)
    assert insensitive_pool.rows("SELECT COUNT(*) FROM customer WHERE name = 'ANN'") == [(3,)]
    assert insensitive_pool.rows("SELECT COUNT(*) FROM customer GROUP BY name ORDER BY name") == [
        (1,),
        (3,),
        (1,),
    ]
    assert insensitive_pool.rows("SELECT COUNT(DISTINCT name) FROM customer") == [(2,)]
    assert insensitive_pool.rows("SELECT COUNT(*) FROM customer a JOIN customer b ON a.name = b.name") == [
        (10,)
    ]
    assert insensitive_pool.rows("SELECT name FROM customer WHERE id = 3 INTERSECT SELECT 'BOB'") == [
        ("Bob",)
    ]


def test_scalar_subquery_of_two_rows__is_error_512(shop: Any) -> None:
    assert shop.error("SELECT (SELECT id FROM sale)").number == 512


def test_aggregate_of_an_outer_column__is_not_supported(shop: Any) -> None:
    text = "SELECT c.name, (SELECT COUNT(*) FROM sale AS s WHERE s.customer_id = MAX(c.id)) FROM customer AS c GROUP BY c.name"
    assert shop.error(text).number == 49999


def test_variables__are_typed_values(shop: Any) -> None:
    from sandbox.synapse.language.names import VariableValue
    from sandbox.synapse.types import INT, varchar

    shop.variables.update({"@n": VariableValue(INT, 2), "@s": VariableValue(varchar(5), "Bob")})
    assert shop.rows("SELECT TOP (@n) id FROM customer ORDER BY id") == [(1,), (2,)]
    assert shop.rows("SELECT id FROM customer WHERE name = @s OR id = @N ORDER BY id") == [(2,), (3,)]
    assert shop.value("@s + 'x'") == ("varchar(6)", "Bobx")


def test_first_numbers_of_a_huge_cross_join__do_not_make_its_rows(pool: Any) -> None:
    """dbt-synapse's date_spine: 2^32 rows, of which TOP takes nine."""
    ctes = "l0 AS (SELECT c FROM (SELECT 1 UNION ALL SELECT 1) AS d(c))"
    for i in range(1, 6):
        ctes += f", l{i} AS (SELECT 1 AS c FROM l{i - 1} AS a CROSS JOIN l{i - 1} AS b)"
    rows = pool.rows(
        f"WITH {ctes}, nums AS (SELECT ROW_NUMBER() OVER (ORDER BY (SELECT NULL)) AS rownum FROM l5), "
        "rawdata AS (SELECT TOP (DATEDIFF(day, '2018-01-01', '2018-01-10')) rownum - 1 AS n FROM nums ORDER BY rownum) "
        "SELECT CAST(DATEADD(day, n, CAST('2018-01-01' AS datetime2(6))) AS date) AS d FROM rawdata ORDER BY d"
    )
    assert [row[0].day for row in rows] == list(range(1, 10))
