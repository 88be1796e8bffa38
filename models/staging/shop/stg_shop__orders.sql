-- Grain: one row per order. Incremental; what the source deleted leaves by the hook.
{{ config(
    materialized='incremental',
    unique_key='order_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook='delete from {{ this }} where is_deleted = 1',
    **layout(distribute_by='order_id')
) }}

with changes as (

    select
        order_id,
        customer_id,
        loyalty_card_id,
        guest_email,
        guest_phone,
        anonymous_id,
        store_id,
        channel,
        currency_code,
        order_status,
        ordered_at,
        updated_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by order_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'orders') }}
    {{ only_arrived(source('shop', 'orders'), 'order_id') }}

)

select
    ---------- ids
    {{ text('order_id', 20) }} as order_id,
    {{ text('customer_id', 20) }} as customer_id,
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    {{ text('anonymous_id', 40) }} as anonymous_id,
    {{ text('store_id', 20) }} as store_id,
    ---------- text
    {{ email('guest_email') }} as guest_email,
    {{ phone('guest_phone') }} as guest_phone,
    {{ text('channel', 10) }} as channel,
    {{ text('currency_code', 3) }} as currency_code,
    {{ text('order_status', 12) }} as order_status,
    ---------- dates
    {{ utc_timestamp('ordered_at') }} as ordered_at,
    {{ utc_timestamp('updated_at') }} as updated_at,
    {{ date_of(utc_timestamp('ordered_at')) }} as ordered_date,
    ---------- change
    {{ flag("change_operation = 'D'") }} as is_deleted,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1
