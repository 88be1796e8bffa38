-- Grain: one row per session of a web cookie or app installation.
-- Incremental by cookie and day, as fct_event is: those with an event that arrived, those that lost an erased person's
-- events, and those whose customer is another one by now. Sessions without any event left leave by the hook.
-- depends_on: {{ ref('stg_web__events') }}
-- depends_on: {{ ref('int_identity__erased_nodes') }}
{{ config(
    materialized='incremental',
    unique_key='session_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook="delete from {{ this }} where session_id not in (select session_id from {{ ref('fct_event') }})",
    **layout(distribute_by='customer_key', sort_by=['session_date'], partition_by='session_date')
) }}

with live as (

    select identifier_type, identifier_value, customer_key
    from {{ ref('identity_map') }}
    where is_current = 1

),

touched as (

    select distinct anonymous_id, event_date
    from {{ ref('fct_event') }}
    {% if is_incremental() -%}
    where load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    {{ union_distinct() }}
    select anonymous_id, event_date
    from {{ ref('stg_web__events') }}
    where {{ is_erased('anonymous_id', 'anonymous_id') }}
        or {{ is_erased('device_id', 'device_id') }}
        or {{ is_erased('customer_id', 'user_id') }}
    {{ union_distinct() }}
    select stored.anonymous_id, stored.session_date as event_date
    from {{ this }} as stored
    left join live as shop_accounts
        on shop_accounts.identifier_type = 'customer_id' and shop_accounts.identifier_value = stored.user_id
    left join live as cookies
        on cookies.identifier_type = 'anonymous_id' and cookies.identifier_value = stored.anonymous_id
    where stored.customer_key
        <> coalesce(shop_accounts.customer_key, cookies.customer_key, {{ unknown_customer_key() }})
    {%- endif %}

),

sessions as (

    select
        session_id,
        min(events.anonymous_id) as anonymous_id,
        min(events.event_date) as session_date,
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
        min(utm_medium) as utm_medium,
        max(load_batch_number) as load_batch_number
    from {{ ref('fct_event') }} as events
    inner join touched on touched.anonymous_id = events.anonymous_id and touched.event_date = events.event_date
    group by session_id

),

final as (

    select
        sessions.session_id, sessions.anonymous_id, sessions.session_date, sessions.started_at, sessions.ended_at,
        sessions.event_count, sessions.page_view_count, sessions.product_view_count, sessions.cart_add_count,
        sessions.checkout_count, sessions.order_id, sessions.user_id, sessions.utm_campaign, sessions.utm_source,
        sessions.utm_medium, sessions.load_batch_number,
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
    {{ cast_as('user_id', 'text', 20) }} as user_id,
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
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number,
    ---------- flags
    {{ cast_as('is_converted', 'flag') }} as is_converted,
    ---------- dates
    {{ cast_as('started_at', 'timestamp') }} as started_at,
    {{ cast_as('ended_at', 'timestamp') }} as ended_at,
    {{ cast_as('session_date', 'date') }} as session_date
from final
