"""The truth about identity, kept aside: which identifier belongs to which person. Never loaded."""

from __future__ import annotations

from pathlib import Path

import duckdb


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """persons, accounts and identifiers as parquet. Identifiers stand as the sources spell them.

    A card, cookie or payment card that several persons use belongs to the person it was made for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection.execute(
        """
        create or replace table identifier as
        select distinct 'customer_id' as identifier_type, customer_id as identifier_value, person_id from account
        union select 'email', typed_email, person_id from account
        union select 'email', email, person_id from person
        union select 'email', guest_email, person_id from placed
            where guest_email is not null and lower(guest_email) not in ('info@example.com', 'noreply@example.org', 'guest@shop.example', 'test@test.com')
        union select 'email', attribute_value, account.person_id from profile_change join account using (customer_id) where attribute_name = 'email'
        union select 'phone', phone, person_id from person
        union select 'loyalty_card_id', loyalty_card_id, min(person_id) from person group by loyalty_card_id
        union select 'anonymous_id', anonymous_id, min(person_id) from (
            select anonymous_id, person_id from cookie union all select anonymous_id, person_id from placed where anonymous_id is not null) group by anonymous_id
        union select 'device_id', device_id, min(person_id) from placed where device_id is not null group by device_id
        union select 'card_fingerprint', card_fingerprint, min(person_id) from paid join placed using (order_id) where card_fingerprint is not null group by card_fingerprint
        """
    )
    for name, select in {
        "identifiers": "select * from identifier order by all",
        "accounts": "select customer_id, person_id from account order by all",
        "persons": "select person_id, household_id, first_name, last_name, email, phone, birth_date from person order by all",
    }.items():
        partial = folder / f".{name}.partial"
        connection.execute(f"copy ({select}) to '{partial}' (format parquet)")
        partial.rename(folder / f"{name}.parquet")
