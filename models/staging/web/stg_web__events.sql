-- Grain: one row per event, however often it was delivered. The first received delivery wins.
{{ config(
    materialized='incremental',
    unique_key='event_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    **layout(distribute_by='anonymous_id', sort_by=['event_date'], partition_by='event_date')
) }}

with changes as (

    select
        event_id,
        anonymous_id,
        user_id,
        device_id,
        product_id,
        order_id,
        event_name,
        url,
        referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        email,
        phone,
        consent_purpose,
        consent_status,
        quantity,
        occurred_at,
        received_at,
        change_operation,
        change_log_position,
        load_batch_number,
        row_number() over (
            partition by event_id
            order by change_log_position, load_batch_number
        ) as recency
    from {{ source('web', 'events') }}
    {{ only_arrived(source('web', 'events'), 'event_id') }}

)

select
    ---------- ids
    {{ text('event_id', 36) }} as event_id,
    {{ text('anonymous_id', 40) }} as anonymous_id,
    {{ text('user_id', 20) }} as user_id,
    {{ text('device_id', 40) }} as device_id,
    {{ text('product_id', 20) }} as product_id,
    {{ text('order_id', 20) }} as order_id,
    ---------- text
    {{ text('event_name', 30) }} as event_name,
    {{ text('url', 500) }} as url,
    {{ text('referrer', 500) }} as referrer,
    {{ text('utm_source', 60) }} as utm_source,
    {{ text('utm_medium', 60) }} as utm_medium,
    {{ text('utm_campaign', 60) }} as utm_campaign,
    {{ email('email') }} as email,
    {{ phone('phone') }} as phone,
    {{ text('consent_purpose', 20) }} as consent_purpose,
    {{ text('consent_status', 10) }} as consent_status,
    ---------- numbers
    {{ cast_as('quantity', 'integer') }} as quantity,
    ---------- dates
    {{ utc_timestamp('occurred_at') }} as occurred_at,
    {{ utc_timestamp('received_at') }} as received_at,
    {{ date_of(utc_timestamp('occurred_at')) }} as event_date,
    ---------- change
    {{ flag("change_operation = 'D'") }} as is_deleted,
    {{ text('change_log_position', 80) }} as change_log_position,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1
