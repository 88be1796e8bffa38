"""INSERT, UPDATE, DELETE, MERGE: what they change, and the checks of what is stored.

https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql and its kin
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def stock(pool: Any) -> Any:
    pool.table("item", id="int", name="varchar(5)", price="decimal(9,2)", note="nvarchar(3)")
    pool.table("news", id="int", name="varchar(20)", price="decimal(18,4)", gone="bit")
    pool.query(
        "INSERT INTO item SELECT 1, 'pen', 1.5, N'a' UNION ALL SELECT 2, 'ink', 2, NULL UNION ALL SELECT 3, 'cap', 3, NULL"
    )
    pool.query(
        "INSERT INTO news SELECT 2, 'ink2', 2.555, 0 UNION ALL SELECT 4, 'new', 4, 0 UNION ALL SELECT 3, 'cap', 3, 1"
    )
    return pool


def items(pool: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = pool.rows("SELECT id, name, price FROM item ORDER BY id")
    return rows


def test_insert__converts_to_the_columns_types(stock: Any) -> None:
    stock.query("INSERT INTO item (price, id) VALUES ('7.005', '9')")
    stock.query("INSERT INTO item VALUES (10, 'x', NULL, N'é')")
    assert stock.rows("SELECT * FROM item WHERE id > 8 ORDER BY id") == [
        (9, None, Decimal("7.01"), None),
        (10, "x", None, "é"),
    ]


def test_seed__of_texts_becomes_numbers_and_dates(stock: Any) -> None:
    """dbt-synapse loads seeds as SELECT '…' UNION ALL SELECT '…', numbers as text too."""
    stock.table("seed", id="int", amount="float", day="datetime2(6)", ok="bit")
    rows = " UNION ALL\n".join(f"SELECT '{i}','{i}.5','2024-01-01 00:00:00','True'" for i in range(400))
    stock.query(f'INSERT INTO seed ("id", "amount", "day", "ok")\n{rows}')
    assert stock.rows(
        "SELECT COUNT(*), SUM(id), SUM(amount), COUNT(CASE WHEN ok = 1 THEN 1 END) FROM seed"
    ) == [(400, 79800, 80000.0, 400)]


def test_insert__of_too_long_text_is_refused_unless_only_blanks_are_lost(stock: Any) -> None:
    error = stock.error("INSERT INTO item (name) SELECT name + 'long' FROM news")
    assert error.number == 2628
    assert error.message.startswith(
        "String or binary data would be truncated in table 'item', column 'name'."
    )
    assert stock.error("INSERT INTO item (note) VALUES (N'abcd')").number == 2628
    stock.query("INSERT INTO item (id, name) VALUES (7, 'abcde   ')")
    assert stock.rows("SELECT DATALENGTH(name) FROM item WHERE id = 7") == [(5,)]


def test_insert__that_overflows_or_does_not_convert_is_refused(stock: Any) -> None:
    assert stock.error("INSERT INTO item (price) VALUES (99999999.5)").number == 8115
    assert stock.error("INSERT INTO item (id) VALUES ('x')").number == 245
    assert stock.error("INSERT INTO item (id) VALUES (GETDATE())").number == 257


def test_update__of_one_table(stock: Any) -> None:
    stock.query("UPDATE item SET price = price * 2, name = UPPER(name) WHERE id = 1")
    stock.query("UPDATE item SET price += 1 WHERE id = 2")
    assert items(stock)[:2] == [(1, "PEN", Decimal("3.00")), (2, "ink", Decimal("3.00"))]


def test_update__through_an_alias_and_join(stock: Any) -> None:
    stock.query(
        "UPDATE d SET price = s.price FROM item AS d INNER JOIN news AS s ON s.id = d.id WHERE s.gone = 0 OPTION (LABEL = 'x');"
    )
    assert items(stock) == [
        (1, "pen", Decimal("1.50")),
        (2, "ink", Decimal("2.56")),
        (3, "cap", Decimal("3.00")),
    ]


def test_update__of_a_table_beside_from(stock: Any) -> None:
    stock.query("UPDATE item SET name = news.name FROM news WHERE news.id = item.id AND news.id = 2")
    stock.query("UPDATE item SET price = 0 FROM item JOIN news ON news.id = item.id AND news.gone = 1")
    assert items(stock) == [
        (1, "pen", Decimal("1.50")),
        (2, "ink2", Decimal("2.00")),
        (3, "cap", Decimal("0.00")),
    ]


def test_delete(stock: Any) -> None:
    stock.query("DELETE FROM item WHERE (id) IN (SELECT (id) FROM news WHERE gone = 1)")
    assert [row[0] for row in items(stock)] == [1, 2]
    stock.query("DELETE d FROM item AS d INNER JOIN news AS s ON s.id = d.id")
    assert [row[0] for row in items(stock)] == [1]
    stock.query(
        'DELETE FROM item WHERE EXISTS (SELECT NULL FROM news WHERE news.gone = 0 AND "dbo"."item".id = 1)'
    )
    assert items(stock) == []
    stock.query("DELETE FROM news")
    assert stock.rows("SELECT COUNT(*) FROM news") == [(0,)]


def test_merge__updates_inserts_and_deletes(stock: Any) -> None:
    stock.query(
        "MERGE INTO item AS d USING news AS s ON (s.id = d.id) "
        "WHEN MATCHED AND s.gone = 1 THEN DELETE "
        "WHEN MATCHED THEN UPDATE SET name = s.name, price = s.price "
        "WHEN NOT MATCHED BY TARGET THEN INSERT (id, name, price) VALUES (s.id, s.name, s.price) "
        "WHEN NOT MATCHED BY SOURCE THEN UPDATE SET price = 0;"
    )
    assert items(stock) == [
        (1, "pen", Decimal("0.00")),
        (2, "ink2", Decimal("2.56")),
        (4, "new", Decimal("4.00")),
    ]


def test_merge__from_a_query_with_unqualified_values_as_dbt_writes_it(stock: Any) -> None:
    stock.query(
        'merge into "dev"."dbo"."item" as DBT_INTERNAL_DEST using (select id, name from news) as DBT_INTERNAL_SOURCE '
        "on ((DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id)) "
        'when matched then update set "name" = DBT_INTERNAL_SOURCE."name" '
        'when not matched then insert ("id", "name") values ("id", "name") ;'
    )
    assert [row[:2] for row in items(stock)] == [(1, "pen"), (2, "ink2"), (3, "cap"), (4, "new")]


def test_merge__of_two_source_rows_into_one_is_error_8672(stock: Any) -> None:
    stock.query("INSERT INTO news (id, name) VALUES (2, 'again')")
    error = stock.error("MERGE item USING news ON item.id = news.id WHEN MATCHED THEN UPDATE SET name = 'x';")
    assert error.number == 8672


def test_merge__checks_what_is_stored(stock: Any) -> None:
    stock.query("UPDATE news SET name = 'much too long' WHERE id = 2")
    error = stock.error(
        "MERGE item USING news ON item.id = news.id WHEN MATCHED THEN UPDATE SET name = news.name;"
    )
    assert error.number == 2628
