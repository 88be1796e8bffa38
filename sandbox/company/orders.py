"""Who placed which basket, where and how it was paid: orders, lines, payments and refunds as they end up."""

from __future__ import annotations

import duckdb


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``placed`` (one row per order), ``sold`` (per line), ``paid`` (per payment) and ``refunded``."""
    connection.execute(
        """
        create table placed as
        with shopper as (
            select basket.*, case when unit('shopper' || order_id) < 0.62 then 1 when unit('shopper' || order_id) < 0.9 then 2 else 3 end as wanted_member
            from basket
        ), member_count as (
            select household_id, max(member) as members, any_value(online_draw) as online_draw from person group by household_id
        ), chosen as (
            select shopper.*, household_id || '/' || least(wanted_member, members) as person_id,
                case when online_draw >= 0.4 and unit('channel' || order_id) < (online_draw - 0.4) * 0.75
                    then case when unit('app' || order_id) < 0.3 then 'app' else 'web' end else 'store' end as channel
            from shopper join member_count using (household_id)
        ), first_account as (
            select person_id, arg_min(customer_id, account_number) as customer_id, arg_min(created_at, account_number) as created_at,
                arg_max(customer_id, account_number) as newest_customer_id, max(created_at) as newest_at
            from account group by person_id
        )
        select
            chosen.order_id, chosen.person_id, chosen.household_id, chosen.store_id, chosen.channel, chosen.ordered_at, chosen.line_count,
            store.currency_code, store.country_code,
            case when channel <> 'store' and created_at < ordered_at and unit('guest' || order_id) >= 0.25
                then case when newest_at < ordered_at and unit('which account' || order_id) < 0.5 then newest_customer_id else customer_id end end as customer_id,
            case when channel = 'store' or unit('show card' || order_id) < 0.3 then loyalty_card_id end as loyalty_card_id,
            case when channel <> 'store' and (created_at is null or created_at >= ordered_at or unit('guest' || order_id) < 0.25) then
                case when mishap('mailbox' || order_id) < 0.02 then ['info@example.com', 'noreply@example.org', 'guest@shop.example', 'test@test.com'][1 + cast(floor(unit('which mailbox' || order_id) * 4) as integer)]
                     when unit('capitals' || order_id) < 0.2 then upper(email) when unit('capitals' || order_id) < 0.25 then replace(email, '@', '+guest@') else email end end as guest_email,
            case when channel <> 'store' and (created_at is null or created_at >= ordered_at or unit('guest' || order_id) < 0.25) and unit('guest phone' || order_id) < 0.6
                then case when unit('guest spelling' || order_id) < 0.5 then '+' || phone else '00' || left(phone, length(phone) - 7) || ' ' || right(phone, 7) end end as guest_phone,
            case channel when 'store' then null when 'app' then 'app-' || left(md5('installation' || person_id), 23)
                else (select anonymous_id from cookie where cookie.person_id = chosen.person_id and cookie.stretch = least(1 + cast(floor(date_part('doy', chosen.ordered_at) * person.cookie_count / 367) as integer), person.cookie_count)) end as anonymous_id,
            case when channel = 'app' then 'dev-' || left(md5('device' || chosen.person_id), 23) end as device_id
        from chosen join store using (store_id) join person using (person_id) left join first_account using (person_id)
        """
    )
    connection.execute(
        """
        create table sold as
        select line.order_id || '-' || line.product_id as order_line_id, line.*, placed.channel,
            coalesce(tax_category, 'standard') as tax_category,
            cast(round(line.sales_amount * (select rate from tax_rate as t where t.country_code = placed.country_code and t.tax_category = coalesce(product.tax_category, 'standard')
                and t.valid_from = case when t.country_code = 'DE' and t.tax_category = 'standard' and line.ordered_at >= timestamp '2017-07-01' then date '2017-07-01' else date '2010-01-01' end), 2) as decimal(18, 4)) as tax_amount,
            case when channel = 'store' then cast(line.ordered_at as date) else cast(line.ordered_at as date) + 1 + cast(floor(unit('shipping' || line.order_id) * 3) as integer) end as fulfilled_date
        from line join placed using (order_id) left join product using (product_id)
        """
    )
    connection.execute(
        """
        create table paid as
        with due as (
            select order_id, sum(sales_amount - coupon_discount_amount + tax_amount) as amount from sold group by order_id
        ), method as (
            select order_id, amount, person_id, household_id, currency_code, ordered_at, channel,
                case when channel = 'store' then case when unit('method' || order_id) < 0.35 then 'cash' else 'card' end
                     else case when unit('method' || order_id) < 0.25 then 'paypal' else 'card' end end as payment_method,
                case when amount > 10 and unit('gift' || order_id) < 0.03 then cast(round(amount * 0.3, 2) as decimal(18, 4)) else 0 end as gift_amount,
                'fp-' || left(md5('payment card' || case when unit('joint card' || household_id) < 0.2 then household_id else person_id end), 24) as card_fingerprint
            from due join placed using (order_id)
        )
        select order_id || '-P1' as payment_id, order_id, payment_method, 'captured' as payment_status,
            case when payment_method = 'card' then card_fingerprint end as card_fingerprint, amount - gift_amount as amount, currency_code, ordered_at + interval 40 seconds as paid_at
        from method
        union all
        select order_id || '-P2', order_id, 'gift_card', 'captured', null, gift_amount, currency_code, ordered_at + interval 41 seconds from method where gift_amount > 0
        union all
        select order_id || '-P0', order_id, payment_method, 'failed', card_fingerprint, amount - gift_amount, currency_code, ordered_at + interval 10 seconds
        from method where payment_method = 'card' and unit('declined' || order_id) < 0.02
        """
    )
    connection.execute(
        """
        create table refunded as
        select 'R-' || order_line_id as refund_id, order_id, order_line_id, order_id || '-P1' as payment_id,
            case when unit('chargeback' || order_line_id) < 0.05 then 'chargeback' else 'refund' end as refund_kind,
            case when unit('partial' || order_line_id) < 0.2 then cast(round(sales_amount / 2, 2) as decimal(18, 4)) else sales_amount end as amount,
            case when unit('partial' || order_line_id) < 0.2 then cast(round(tax_amount / 2, 2) as decimal(18, 4)) else tax_amount end as tax_amount,
            currency_code,
            ['damaged', 'not as described', 'changed mind', 'late'][1 + cast(floor(unit('reason' || order_line_id) * 4) as integer)] as reason,
            ordered_at + to_days(3 + cast(floor(unit('return' || order_line_id) * 18) as integer)) as refunded_at
        from (select sold.*, placed.currency_code from sold join placed using (order_id)) where sales_amount > 0.05 and unit('refund' || order_line_id) < 0.015
        """
    )
