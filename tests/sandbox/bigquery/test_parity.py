"""Parity of DuckDB and the BigQuery stand-in: the same few models on both, equal but for one cell that was changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.comparison import compare_marts
from flows.differences import find_differences
from flows.fingerprints import Side, read_fingerprints
from flows.settings import Settings
from flows.transform import run_dbt
from tests.sandbox.bigquery.conftest import Running

MARTS = ["dim_date", "dim_product", "dim_store"]
CHANGE = "'I', '2017-01-01 00:00:00.000000', '{n}', 1"
CHANGED = "change_operation, change_committed_at, change_log_position, load_batch_number"
# one text for both engines; texts beyond ASCII, NULL against '', blanks, cents, microseconds
STORES = [
    ("s1", "'Bäckerei 日本 🙂'", "'Zürich'", "null"),
    ("s2", "'O’Neil'", "'  Wien '", "''"),
    ("s3", "null", "'CITY'", "'region'"),
]
PRODUCTS = [
    ("p1", "1.9900", "2017-01-01 00:00:00.000001"),
    ("p1", "2.0001", "2017-03-31 23:59:59.999999"),
    ("p2", "19999999.9999", "2016-02-29 12:00:00"),
]


def statements() -> list[str]:
    """Rows of landing tables, as a load would leave them."""
    stores = ", ".join(
        f"('{key}', {name}, {city}, {region}, 'CH', 'E1', date '2015-06-30', {CHANGE.format(n=n)})"
        for n, (key, name, city, region) in enumerate(STORES)
    )
    products = ", ".join(
        f"('{key}', 'GROCERY', cast('{price}' as decimal(18,4)), '{moment}', {CHANGE.format(n=n)})"
        for n, (key, price, moment) in enumerate(PRODUCTS)
    )
    return [
        f"insert into customer_360_landing.shop__stores (store_id, store_name, city, region, country_code, legal_entity_id, opened_date, {CHANGED}) values {stores}",
        f"insert into customer_360_landing.shop__products (product_id, department, list_price, updated_at, {CHANGED}) values {products}",
    ]


def test_local_and_stand_in__are_equal_but_for_the_changed_cell(
    server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTOMER_360_BIGQUERY_ENDPOINT", server.address)
    monkeypatch.setenv("CUSTOMER_360_BIGQUERY_PROJECT", "parity")
    settings = Settings.from_environment({"CUSTOMER_360_HOME": str(tmp_path)})
    sides = [Side("local", settings, "local"), Side("bigquery", settings, "bigquery")]
    client = server.client("parity")

    def build(side: Side) -> None:
        run_dbt(settings, side.target, ["run-operation", "create_landing_tables"])
        for statement in statements():
            if side.target == "local":
                with duckdb.connect(str(settings.duckdb_path)) as connection:
                    connection.execute(statement)
            else:
                client.query_and_wait(statement)
        run_dbt(settings, side.target, ["run", "--select", *(f"+{mart}" for mart in MARTS)])

    def compared() -> dict[str, Any]:
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda side: read_fingerprints(side, {}, MARTS), sides))
        return {entry["mart"]: entry for entry in compare_marts(told, MARTS)}

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, sides))
    client.query_and_wait(
        "update customer_360_core.dim_product set list_price = list_price + 0.01 where product_id = 'p2'"
    )
    marts = compared()
    assert {name: entry["verdict"] for name, entry in marts.items()} == {
        "dim_date": "equal",
        "dim_product": "different",
        "dim_store": "equal",
    }
    assert marts["dim_store"]["rows"] == {"local": 3, "bigquery": 3}
    assert marts["dim_product"]["sentence"] == "dim_product differs in list_price."
    wanted = {"mart": "dim_product", "key": ["product_key"], "partitions": ["all"]}
    [found] = find_differences(*sides, [wanted])
    assert [row["cells"] for row in found.rows] == [["list_price"]]
    assert found.rows[0]["rows"][0]["product_id"] == "p2"
