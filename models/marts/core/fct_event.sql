-- Grain: one row per event.
-- Incremental by anonymous_id and day: a session never crosses midnight, so the events of a touched pair are decided anew
-- together. A new session starts after var session_idle_minutes without an event, at midnight UTC, and when the campaign
-- tag changes to another one. Events of erased persons leave by the hook; their neighbours keep their sessions.
{{ config(
    materialized='incremental',
    unique_key='event_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook="
        delete from {{ this }}
        where {{ is_erased('anonymous_id', 'anonymous_id') }}
            or {{ is_erased('device_id', 'device_id') }}
            or {{ is_erased('customer_id', 'user_id') }}
    ",
    **layout(distribute_by='anonymous_id', sort_by=['event_date'], partition_by='event_date')
) }}

with touched as (

    select distinct anonymous_id, event_date
    from {{ ref('stg_web__events') }}
    {% if is_incremental() -%}
    where load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    {%- endif %}

),

events as (

    select
        events.event_id, events.event_name, events.anonymous_id, events.user_id, events.device_id, events.occurred_at,
        events.event_date, events.url, events.referrer, events.utm_source, events.utm_medium, events.utm_campaign,
        events.product_id, events.quantity, events.order_id, events.load_batch_number,
        lag(events.occurred_at) over (
            partition by events.anonymous_id, events.event_date order by events.occurred_at, events.event_id
        ) as occurred_before,
        {{ last_known_group(
            'events.utm_campaign', 'events.anonymous_id, events.event_date', 'events.occurred_at, events.event_id'
        ) }} as campaign_stretch
    from {{ ref('stg_web__events') }} as events
    inner join touched on touched.anonymous_id = events.anonymous_id and touched.event_date = events.event_date

),

running as (

    select
        event_id, event_name, anonymous_id, user_id, device_id, occurred_at, event_date, url, referrer, utm_source,
        utm_medium, utm_campaign, product_id, quantity, order_id, load_batch_number, occurred_before,
        {{ last_known('utm_campaign', 'anonymous_id, event_date', 'campaign_stretch') }} as running_campaign
    from events

),

starts as (

    select
        event_id, event_name, anonymous_id, user_id, device_id, occurred_at, event_date, url, referrer, utm_source,
        utm_medium, utm_campaign, product_id, quantity, order_id, load_batch_number,
        case
            when occurred_before is null then 1
            when {{ date_difference('second', 'occurred_before', 'occurred_at') }} > {{ var('session_idle_minutes') }} * 60 then 1
            when utm_campaign is not null and {{ is_different(
                'lag(running_campaign) over (partition by anonymous_id, event_date order by occurred_at, event_id)',
                'utm_campaign'
            ) }} and lag(running_campaign) over (partition by anonymous_id, event_date order by occurred_at, event_id) is not null then 1
            else 0
        end as is_start
    from running

),

numbered as (

    select
        event_id, event_name, anonymous_id, user_id, device_id, occurred_at, event_date, url, referrer, utm_source,
        utm_medium, utm_campaign, product_id, quantity, order_id, load_batch_number,
        sum(is_start) over (
            partition by anonymous_id, event_date order by occurred_at, event_id
            rows between unbounded preceding and current row
        ) as session_number
    from starts

),

final as (

    select
        event_id, event_name, anonymous_id, user_id, device_id, occurred_at, event_date, url, referrer, utm_source,
        utm_medium, utm_campaign, product_id, quantity, order_id, load_batch_number,
        {{ surrogate_key(['anonymous_id', key_text('event_date', 'date'), key_text('session_number', 'integer')]) }} as session_id
    from numbered

)

select
    ---------- ids
    {{ cast_as('event_id', 'text', 36) }} as event_id,
    {{ cast_as('session_id', 'text', 32) }} as session_id,
    {{ cast_as('anonymous_id', 'text', 40) }} as anonymous_id,
    {{ cast_as('user_id', 'text', 20) }} as user_id,
    {{ cast_as('device_id', 'text', 40) }} as device_id,
    {{ cast_as('product_id', 'text', 20) }} as product_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    ---------- text
    {{ cast_as('event_name', 'text', 30) }} as event_name,
    {{ cast_as('url', 'text', 500) }} as url,
    {{ cast_as('referrer', 'text', 500) }} as referrer,
    {{ cast_as('utm_source', 'text', 60) }} as utm_source,
    {{ cast_as('utm_medium', 'text', 60) }} as utm_medium,
    {{ cast_as('utm_campaign', 'text', 60) }} as utm_campaign,
    ---------- numbers
    {{ cast_as('quantity', 'integer') }} as quantity,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number,
    ---------- dates
    {{ cast_as('occurred_at', 'timestamp') }} as occurred_at,
    {{ cast_as('event_date', 'date') }} as event_date
from final
