"""What AWS DMS would read from the shop database's log: every insert, update and delete, in commit order.

Each table ``change_<name>`` holds Op, change_committed_at, change_log_position, the columns, ``file_date`` (the day
of the change file that carries it) and ``is_load`` (part of the full load).
"""

from __future__ import annotations

import duckdb

FULL_LOAD_AT = "timestamp '2017-01-01 00:00:00'"


def log(connection: duckdb.DuckDBPyConnection, name: str, key: str, select: str) -> None:
    """Complete a select of (op, committed_at, step, columns…) to a table of changes.

    The log position is the commit time in microseconds and a step, so it grows with the log. One change in
    500 (more in a nastier company) is delivered again a day later, as DMS does after a restart.
    """
    connection.execute(
        f"""
        create table change_{name} as
        with change as ({select}), positioned as (
            select op, committed_at, lpad(cast(epoch_us(committed_at) as varchar), 17, '0') || lpad(cast(step as varchar), 3, '0') as position, * exclude (op, committed_at, step)
            from change
        ), delivered as (
            select *, cast(committed_at as date) as file_date, committed_at < {FULL_LOAD_AT} as is_load from positioned
            union all
            select *, cast(committed_at as date) + 1, false from positioned where committed_at >= {FULL_LOAD_AT} and mishap('again' || {key} || position) < 0.002
        )
        select * from delivered
        """
    )


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables change_customers, _addresses, _products, _stores, _orders, _order_lines, _payments and _refunds."""
    log(
        connection,
        "stores",
        "store_id",
        """
        select 'I' as op, timestamp '2016-12-31 20:00:00' as committed_at, 0 as step, store_id, store_name, city, region, country_code, legal_entity_id, opened_date,
            timestamp '2016-12-31 19:59:00' as updated_at from store""",
    )
    log(
        connection,
        "products",
        "product_id",
        """
        select case change_number when 0 then 'I' else 'U' end as op, changed_at + interval 1 second as committed_at, change_number as step,
            product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category, product_price.list_price, unit_cost, changed_at as updated_at
        from product_price join product using (product_id)
        union all -- a few are deleted by mistake and come back an hour later
        select op, timestamp '2017-09-15 10:00:00' + to_hours(hour), 5 + hour, product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
            product_price.list_price, unit_cost, timestamp '2017-09-15 09:59:00'
        from product_price join product using (product_id), (values ('D', 0), ('I', 1)) as again (op, hour)
        where change_number = 0 and unit('changes' || product_id) > 0.9997""",
    )
    account = "customer_id, first_name, last_name, typed_email as email, typed_phone as phone, case when unit('no birthday' || customer_id) >= 0.3 then birth_date end as birth_date, registered_card_id as loyalty_card_id, created_at"
    log(
        connection,
        "customers",
        "customer_id",
        f"""
        select 'I' as op, created_at + interval 2 seconds as committed_at, 0 as step, {account}, created_at as updated_at from account
        union all -- married or corrected
        select 'U', changed_at + interval 2 seconds, 1, customer_id, first_name, new_name, typed_email, typed_phone, case when unit('no birthday' || customer_id) >= 0.3 then birth_date end, registered_card_id, created_at, changed_at
        from (select *, greatest(created_at, timestamp '2017-02-01') + to_days(3 + cast(unit('renamed on' || customer_id) * 20 as integer)) as changed_at, last_name || '-Smith' as new_name from account where mishap('renamed' || customer_id) < 0.03)
        union all
        select 'U', changed_at + interval 2 seconds, 2, customer_id, first_name, last_name, replace(typed_email, 'exmaple', 'example'), typed_phone, birth_date, registered_card_id, created_at, changed_at
        from (select *, created_at + interval 1 day as changed_at from account where typed_email like '%exmaple%')""",
    )
    log(
        connection,
        "addresses",
        "address_id",
        """
        select case n when 1 then 'I' else 'U' end as op, changed_at + interval 3 seconds as committed_at, n as step, 'A' || substring(customer_id, 2) as address_id, customer_id, 'billing' as address_type,
            cast(1 + floor(unit('house' || customer_id || n) * 200) as integer) || ' ' || ['Main Street', 'Rue de l''Église', 'Königsallee', 'High Street'][1 + cast(floor(unit('street' || customer_id || n) * 4) as integer)] as line_1,
            lpad(cast(cast(floor(unit('postal' || customer_id || n) * 99999) as integer) as varchar), 5, '0') as postal_code, city, region, country_code, changed_at as updated_at
        from (select account.*, n, case n when 1 then created_at else greatest(created_at, timestamp '2017-01-10') + to_days(5 + cast(unit('moved on' || customer_id) * 15 as integer)) end as changed_at
              from account, range(1, 3) as c (n) where n = 1 or mishap('moved' || customer_id) < 0.08)""",
    )
    order = "order_id, customer_id, loyalty_card_id, guest_email, guest_phone, anonymous_id, store_id, channel, currency_code"
    log(
        connection,
        "orders",
        "order_id",
        f"""
        select 'I' as op, ordered_at + interval 30 seconds as committed_at, 0 as step, {order}, case channel when 'store' then 'fulfilled' else 'placed' end as order_status, ordered_at, ordered_at as updated_at from placed
        union all
        select 'U', ordered_at + interval 90 seconds, 1, {order}, 'paid', ordered_at, ordered_at + interval 60 seconds from placed where channel <> 'store'
        union all
        select 'U', shipped + interval 5 seconds, 2, {order}, 'fulfilled', ordered_at, shipped
        from (select placed.*, cast(fulfilled_date as timestamp) + interval 18 hours as shipped from placed join (select order_id, max(fulfilled_date) as fulfilled_date from sold group by order_id) using (order_id) where channel <> 'store')
        union all -- deleted by mistake, restored from the till
        select op, ordered_at + to_hours(hours), 3 + hours, {order}, 'fulfilled', ordered_at, ordered_at + interval 60 minutes
        from placed, (values ('D', 20), ('I', 21)) as again (op, hours) where channel = 'store' and mishap('deleted' || order_id) < 0.0005""",
    )
    amounts = "sales_amount, retail_discount_amount, coupon_discount_amount, coupon_match_discount_amount, tax_amount, ordered_at"
    log(
        connection,
        "order_lines",
        "order_line_id",
        f"""
        select 'I' as op, ordered_at + interval 30 seconds as committed_at, 0 as step, order_line_id, order_id, product_id,
            quantity + case when mishap('miscounted' || order_line_id) < 0.003 then 1 else 0 end as quantity, {amounts}, case channel when 'store' then fulfilled_date end as fulfilled_date from sold
        union all
        select 'U', ordered_at + interval 26 hours, 1, order_line_id, order_id, product_id, quantity, {amounts}, case channel when 'store' then fulfilled_date end
        from sold where mishap('miscounted' || order_line_id) < 0.003
        union all
        select 'U', greatest(cast(fulfilled_date as timestamp) + interval 18 hours, ordered_at + interval 27 hours), 2, order_line_id, order_id, product_id, quantity, {amounts}, fulfilled_date from sold where channel <> 'store'
        union all
        select op, ordered_at + to_hours(hours), 3 + hours, order_line_id, order_id, product_id, quantity, {amounts}, fulfilled_date
        from sold, (values ('D', 30), ('I', 31)) as again (op, hours) where channel = 'store' and mishap('dropped' || order_line_id) < 0.001""",
    )
    log(
        connection,
        "payments",
        "payment_id",
        """
        select 'I' as op, paid_at + interval 5 seconds as committed_at, 0 as step, payment_id, order_id, payment_method,
            case when payment_status = 'captured' and mishap('slow' || payment_id) < 0.02 then 'authorised' else payment_status end as payment_status, card_fingerprint, amount, currency_code, paid_at from paid
        union all
        select 'U', paid_at + interval 20 hours, 1, payment_id, order_id, payment_method, payment_status, card_fingerprint, amount, currency_code, paid_at from paid where payment_status = 'captured' and mishap('slow' || payment_id) < 0.02""",
    )
    log(
        connection,
        "refunds",
        "refund_id",
        """
        select 'I' as op, refunded_at + interval 5 seconds as committed_at, 0 as step, refund_id, order_id, order_line_id, payment_id, refund_kind, amount, tax_amount, currency_code, reason, refunded_at from refunded""",
    )
