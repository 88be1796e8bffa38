"""Stores, legal entities, tax and products, with prices that follow from the real sales."""

from __future__ import annotations

import duckdb

from sandbox.company.names import CITIES

ENTITIES = [
    ("US01", "Journey Grocers Inc.", "US", "USD"),
    ("CA01", "Journey Grocers Canada Ltd.", "CA", "CAD"),
    ("GB01", "Journey Grocers UK Ltd.", "GB", "GBP"),
    ("DE01", "Journey Lebensmittel GmbH", "DE", "EUR"),
]
# country, category, first day, rate
TAX_RATES = [
    ("US", "standard", "2010-01-01", "0.07"), ("US", "reduced", "2010-01-01", "0.02"),
    ("CA", "standard", "2010-01-01", "0.13"), ("CA", "reduced", "2010-01-01", "0.05"),
    ("GB", "standard", "2010-01-01", "0.20"), ("GB", "reduced", "2010-01-01", "0.00"),
    ("DE", "standard", "2010-01-01", "0.19"), ("DE", "standard", "2017-07-01", "0.16"),
    ("DE", "reduced", "2010-01-01", "0.07"),
]  # fmt: skip


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``legal_entity``, ``tax_rate``, ``store``, ``product`` and ``product_price`` (product x change)."""
    connection.execute(
        "create table legal_entity (legal_entity_id text, legal_entity_name text, country_code text, functional_currency_code text)"
    )
    connection.executemany("insert into legal_entity values (?, ?, ?, ?)", ENTITIES)
    connection.execute(
        "create table tax_rate (country_code text, tax_category text, valid_from date, rate decimal(18, 8))"
    )
    connection.executemany("insert into tax_rate values (?, ?, ?, ?)", TAX_RATES)
    connection.execute("create table city (country_code text, position int, city text, region text)")
    connection.executemany(
        "insert into city values (?, ?, ?, ?)",
        [(country, i, *place) for country, places in CITIES.items() for i, place in enumerate(places)],
    )
    connection.execute(
        """
        create table store as
        with real as (
            select cast(store_id as varchar) as store_id, unit('entity' || store_id) as draw
            from (select distinct store_id from real_transactions)
        ), placed as (
            select store_id, case when draw < 0.7 then 'US01' when draw < 0.8 then 'CA01' when draw < 0.9 then 'GB01' else 'DE01' end as legal_entity_id
            from real
        )
        select store_id, 'Journey ' || city || ' ' || store_id as store_name, city, region, legal_entity.country_code,
            legal_entity_id, functional_currency_code as currency_code,
            date '1985-01-01' + cast(unit('opened' || store_id) * 11000 as integer) as opened_date
        from placed join legal_entity using (legal_entity_id)
        join city on city.country_code = legal_entity.country_code and city.position = cast(floor(unit('city' || store_id) * 4) as integer)
        """
    )
    connection.execute(
        """
        create table product as
        with sold as (
            select product_id, cast(round(sum(sales_value + retail_disc + coupon_match_disc) / sum(quantity), 4) as decimal(18, 4)) as unit_price
            from real_transactions where quantity > 0 group by product_id
        )
        select cast(p.product_id as varchar) as product_id, cast(manufacturer_id as varchar) as manufacturer_id, department, brand,
            product_category, product_type, package_size,
            case when department in ('GROCERY', 'PRODUCE', 'MEAT', 'MEAT-PCKGD', 'DELI', 'PASTRY', 'SEAFOOD', 'SEAFOOD-PCKGD', 'SALAD BAR', 'DAIRY DELI', 'FROZEN GROCERY')
                then 'reduced' else 'standard' end as tax_category,
            coalesce(unit_price, cast(round(1 + 9 * unit('price' || p.product_id), 2) as decimal(18, 4))) as list_price
        from real_products as p left join sold on sold.product_id = p.product_id
        """
    )
    connection.execute(
        """
        create table product_price as
        with changes as (
            select product_id, list_price, 0 as change_number, timestamp '2016-12-31 22:00:00' as changed_at from product
            union all
            select product_id, cast(round(list_price * 1.05, 4) as decimal(18, 4)), 1,
                timestamp '2017-02-01 03:00:00' + to_days(cast(unit('change1' || product_id) * 140 as integer)) + to_seconds(cast(unit('second' || product_id) * 3600 as integer))
            from product where unit('changes' || product_id) < 0.10
            union all
            select product_id, cast(round(list_price * 1.02, 4) as decimal(18, 4)), 2,
                timestamp '2017-07-01 03:00:00' + to_days(cast(unit('change2' || product_id) * 180 as integer))
            from product where unit('changes' || product_id) < 0.02
        )
        select *, cast(round(list_price * (0.60 + 0.2 * unit('margin' || product_id)), 4) as decimal(18, 4)) as unit_cost from changes
        """
    )
