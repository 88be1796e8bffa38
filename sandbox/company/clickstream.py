"""Web shop and app: the clicks around online orders, browsing without an order, and profile changes."""

from __future__ import annotations

import duckdb


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``click`` (one row per event, as it happened) and ``profile_change``."""
    connection.execute(
        """
        create table visit as
        with visits as (
            select order_id as visit_id, order_id, person_id, anonymous_id, device_id, customer_id, guest_email, guest_phone,
                ordered_at - to_seconds(120 + cast(unit('browse' || order_id) * 900 as integer)) as started_at, ordered_at
            from placed where channel <> 'store'
            union all
            select 'v' || person_id || '/' || stretch || '/' || n, null, person_id, anonymous_id, null,
                case when unit('log in' || person_id || n) < 0.45 then (select min(customer_id) from account where account.person_id = cookie.person_id and account.created_at < timestamp '2017-01-01') end,
                null, null, timestamp '2017-01-01' + to_seconds(cast((stretch - 1 + unit('when' || person_id || n || stretch)) / 3.0 * 31449600 as integer)), null
            from cookie, range(1, 9) as v (n) where unit('visits' || person_id || stretch) * 8 > n
        )
        select visits.*, cast(1 + floor(unit('pages' || visit_id) * 5) as integer) as pages,
            running.utm_campaign as campaign,
            cast(floor(unit('tag' || visit_id) * 5) as integer) as tag_position
        from visits
        left join (
            select visit_id, arg_min(utm_campaign, unit('tag' || visit_id || campaign_id)) as utm_campaign
            from visits join campaign_tag on started_at between start_date and end_date + 1 where unit('paid visit' || visit_id) < 0.15 group by visit_id
        ) as running using (visit_id)
        """
    )
    connection.execute(
        """
        create table click as
        with step as (
            select visit_id, 0 as step_number, 'page_viewed' as event_name, null as product_id, null as quantity from visit
            union all
            select visit_id, n, case when n % 2 = 1 then 'product_viewed' else 'page_viewed' end,
                case when n % 2 = 1 then browsed.product_id end, null
            from (select visit_id, n, cast(floor(unit('browsed' || visit_id || n) * browsed_count) as integer) as shelf
                  from visit, range(1, 6) as p (n), (select count(*) as browsed_count from browsed) where n <= pages) as viewed
            join browsed on browsed.position = viewed.shelf
            union all
            select order_id, 10 + rank, 'cart_added', product_id, quantity
            from (select order_id, product_id, quantity, row_number() over (partition by order_id order by product_id) as rank from sold where channel <> 'store') where rank <= 4
            union all
            select order_id, 20, 'cart_removed', min(product_id), 1 from sold where channel <> 'store' and unit('remove' || order_id) < 0.1 group by order_id
            union all
            select visit_id, 30, 'checkout_started', null, null from visit where order_id is not null
            union all
            select visit_id, 31, 'identified', null, null from visit where customer_id is not null or guest_email is not null
            union all
            select visit_id, 40, 'order_placed', null, null from visit where order_id is not null
            union all
            select visit_id, 41, 'consent_changed', null, null from visit where customer_id is not null and unit('consent' || visit_id) < 0.03
        )
        select
            substring(md5('event' || visit_id || step_number), 1, 8) || '-' || substring(md5('event' || visit_id || step_number), 9, 4) || '-' || substring(md5('event' || visit_id || step_number), 13, 4)
                || '-' || substring(md5('event' || visit_id || step_number), 17, 4) || '-' || substring(md5('event' || visit_id || step_number), 21, 12) as event_id,
            event_name, anonymous_id, case when step_number >= 31 or unit('logged in' || visit_id) < 0.5 then visit.customer_id end as user_id, device_id,
            case when step_number >= 40 then ordered_at + to_seconds(step_number - 40) else started_at + to_seconds(cast(epoch(coalesce(ordered_at, started_at + interval 10 minutes) - started_at) * step_number / 41 as integer)) end as occurred_at,
            'https://shop.example/' || case event_name when 'product_viewed' then 'p/' || product_id when 'checkout_started' then 'checkout' when 'page_viewed' then case step_number when 0 then '' else 'c/' || step_number end else 'cart' end
                || case when step_number = 0 and coalesce(campaign, utm_campaign) is not null then '?utm_campaign=' || coalesce(campaign, utm_campaign) else '' end as url,
            case when step_number > 0 then 'https://shop.example/' when campaign is not null then 'https://mail.example/' when utm_source = 'google' then 'https://search.example/' end as referrer,
            case when step_number = 0 then case when campaign is not null then 'mailing' else utm_source end end as utm_source,
            case when step_number = 0 then case when campaign is not null then 'email' else utm_medium end end as utm_medium,
            case when step_number = 0 then coalesce(campaign, utm_campaign) end as utm_campaign,
            product_id, quantity, case when event_name = 'order_placed' then order_id end as order_id,
            case when event_name = 'identified' then coalesce(guest_email, account.typed_email) end as email,
            case when event_name = 'identified' then guest_phone end as phone,
            case when event_name = 'consent_changed' then ['email_marketing', 'sms_marketing', 'profiling'][1 + cast(floor(unit('purpose' || visit_id) * 3) as integer)] end as consent_purpose,
            case when event_name = 'consent_changed' then case when unit('decision' || visit_id) < 0.7 then 'granted' else 'withdrawn' end end as consent_status
        from step join visit using (visit_id) join tag on tag.position = visit.tag_position left join account on account.customer_id = visit.customer_id
        """
    )
    connection.execute(
        """
        create table profile_change as
        with changes as (
            select n, unit('attribute' || customer_id || n) as draw,
                created_at + to_seconds(3600 + cast(unit('changed' || customer_id || n) * epoch(timestamp '2017-12-30' - created_at) as integer)) as occurred_at, account.*
            from account, range(1, 4) as c (n) where unit('profile' || customer_id || n) < 0.12
        )
        select left(md5('change' || customer_id || n), 32) as change_id, customer_id,
            case when draw < 0.15 then 'email' when draw < 0.3 then 'phone' when draw < 0.5 then 'city' when draw < 0.7 then 'preferred_language' when draw < 0.9 then 'birth_date' else 'last_name' end as attribute_name,
            case when draw < 0.15 then case when unit('new address' || customer_id) < 0.5 then typed_email else replace(email, '@', '.new@') end
                 when draw < 0.3 then case when unit('no number' || customer_id) < 0.2 then null else '+' || phone end
                 when draw < 0.5 then city when draw < 0.7 then ['en', 'fr', 'de', 'es'][1 + cast(floor(draw * 97) as integer) % 4]
                 when draw < 0.9 then cast(birth_date as varchar) else last_name end as attribute_value,
            occurred_at
        from changes
        """
    )
