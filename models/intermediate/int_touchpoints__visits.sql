-- Grain: one row per paid order and session before it (or the order itself, where no session is known).
-- Sessions of the order's customer or cookie in the window of var attribution_window_days, the converting one included.
-- An order without any session gets one touch of its own, so that all revenue is attributed.
with orders as (

    select order_id, customer_key, anonymous_id, channel, ordered_at, net_amount_reporting
    from {{ ref('fct_order') }}
    where is_paid = 1 and channel <> 'store'

),

claims as (

    select orders.order_id, sessions.session_id
    from orders
    inner join {{ ref('fct_session') }} as sessions on sessions.customer_key = orders.customer_key
    where orders.customer_key <> {{ unknown_customer_key() }}
        and sessions.started_at <= orders.ordered_at
        and sessions.started_at >= {{ add_to_timestamp('day', '-' ~ var('attribution_window_days'), 'orders.ordered_at') }}
    {{ union_distinct() }}
    select orders.order_id, sessions.session_id
    from orders
    inner join {{ ref('fct_session') }} as sessions on sessions.anonymous_id = orders.anonymous_id
    where sessions.started_at <= orders.ordered_at
        and sessions.started_at >= {{ add_to_timestamp('day', '-' ~ var('attribution_window_days'), 'orders.ordered_at') }}

),

final as (

    select
        claims.order_id, claims.session_id as touch_id, sessions.started_at as touched_at,
        coalesce(sessions.utm_source, 'direct') as touch_source,
        coalesce(sessions.utm_medium, 'none') as touch_medium,
        coalesce(sessions.utm_campaign, 'none') as touch_campaign,
        case when sessions.utm_source is null then 1 else 0 end as is_direct,
        orders.customer_key, orders.ordered_at, orders.net_amount_reporting
    from claims
    inner join {{ ref('fct_session') }} as sessions on sessions.session_id = claims.session_id
    inner join orders on orders.order_id = claims.order_id
    union all
    select
        orders.order_id, orders.order_id as touch_id, orders.ordered_at as touched_at,
        case when orders.channel = 'store' then 'store' else 'unattributed' end as touch_source,
        'none' as touch_medium, 'none' as touch_campaign,
        1 as is_direct, orders.customer_key, orders.ordered_at, orders.net_amount_reporting
    from {{ ref('fct_order') }} as orders
    where orders.is_paid = 1 and not exists (select 1 from claims where claims.order_id = orders.order_id)

)

select
    ---------- ids
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('touch_id', 'text', 32) }} as touch_id,
    ---------- text
    {{ cast_as('touch_source', 'text', 60) }} as touch_source,
    {{ cast_as('touch_medium', 'text', 60) }} as touch_medium,
    {{ cast_as('touch_campaign', 'text', 60) }} as touch_campaign,
    ---------- numbers
    {{ cast_as('net_amount_reporting', 'decimal', 18, 4) }} as net_amount_reporting,
    ---------- flags
    {{ cast_as('is_direct', 'flag') }} as is_direct,
    ---------- dates
    {{ cast_as('touched_at', 'timestamp') }} as touched_at,
    {{ cast_as('ordered_at', 'timestamp') }} as ordered_at
from final
