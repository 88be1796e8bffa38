-- Grain: one row per session of a web cookie or app installation.
{{ config(materialized='table', **layout(distribute_by='customer_key', sort_by=['session_date'], partition_by='session_date')) }}

with sessions as (

    select
        session_id,
        min(anonymous_id) as anonymous_id,
        min(event_date) as session_date,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        {{ row_count() }} as event_count,
        {{ sum_integer("case when event_name = 'page_viewed' then 1 else 0 end") }} as page_view_count,
        {{ sum_integer("case when event_name = 'product_viewed' then 1 else 0 end") }} as product_view_count,
        {{ sum_integer("case when event_name = 'cart_added' then 1 else 0 end") }} as cart_add_count,
        {{ sum_integer("case when event_name = 'checkout_started' then 1 else 0 end") }} as checkout_count,
        min(user_id) as user_id,
        min(order_id) as order_id,
        min(utm_campaign) as utm_campaign,
        min(utm_source) as utm_source,
        min(utm_medium) as utm_medium
    from {{ ref('fct_event') }}
    group by session_id

),

live as (

    select identifier_type, identifier_value, customer_key
    from {{ ref('identity_map') }}
    where is_current = 1

),

final as (

    select
        sessions.session_id, sessions.anonymous_id, sessions.session_date, sessions.started_at, sessions.ended_at,
        sessions.event_count, sessions.page_view_count, sessions.product_view_count, sessions.cart_add_count,
        sessions.checkout_count, sessions.order_id, sessions.utm_campaign, sessions.utm_source, sessions.utm_medium,
        coalesce(shop_accounts.customer_key, cookies.customer_key, {{ unknown_customer_key() }}) as customer_key,
        {{ date_difference('second', 'sessions.started_at', 'sessions.ended_at') }} as duration_seconds,
        {{ flag('sessions.order_id is not null') }} as is_converted
    from sessions
    left join live as shop_accounts
        on shop_accounts.identifier_type = 'customer_id' and shop_accounts.identifier_value = sessions.user_id
    left join live as cookies
        on cookies.identifier_type = 'anonymous_id' and cookies.identifier_value = sessions.anonymous_id

)

select
    ---------- ids
    {{ cast_as('session_id', 'text', 32) }} as session_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('anonymous_id', 'text', 40) }} as anonymous_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    ---------- text
    {{ cast_as('utm_campaign', 'text', 60) }} as utm_campaign,
    {{ cast_as('utm_source', 'text', 60) }} as utm_source,
    {{ cast_as('utm_medium', 'text', 60) }} as utm_medium,
    ---------- numbers
    {{ cast_as('event_count', 'integer') }} as event_count,
    {{ cast_as('page_view_count', 'integer') }} as page_view_count,
    {{ cast_as('product_view_count', 'integer') }} as product_view_count,
    {{ cast_as('cart_add_count', 'integer') }} as cart_add_count,
    {{ cast_as('checkout_count', 'integer') }} as checkout_count,
    {{ cast_as('duration_seconds', 'integer') }} as duration_seconds,
    ---------- flags
    {{ cast_as('is_converted', 'flag') }} as is_converted,
    ---------- dates
    {{ cast_as('started_at', 'timestamp') }} as started_at,
    {{ cast_as('ended_at', 'timestamp') }} as ended_at,
    {{ cast_as('session_date', 'date') }} as session_date
from final
