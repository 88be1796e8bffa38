-- Grain: one row per payment. Incremental; what the source deleted leaves by the hook.
{{ config(
    materialized='incremental',
    unique_key='payment_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook='delete from {{ this }} where is_deleted = 1',
    **layout(distribute_by='order_id')
) }}

with changes as (

    select
        payment_id,
        order_id,
        payment_method,
        payment_status,
        card_fingerprint,
        amount,
        currency_code,
        paid_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by payment_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'payments') }}
    {{ only_arrived(source('shop', 'payments'), 'payment_id') }}

)

select
    ---------- ids
    {{ text('payment_id', 24) }} as payment_id,
    {{ text('order_id', 20) }} as order_id,
    ---------- text
    {{ text('payment_method', 12) }} as payment_method,
    {{ text('payment_status', 12) }} as payment_status,
    {{ text('card_fingerprint', 32) }} as card_fingerprint,
    {{ text('currency_code', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    ---------- dates
    {{ utc_timestamp('paid_at') }} as paid_at,
    {{ date_of(utc_timestamp('paid_at')) }} as paid_date,
    ---------- change
    {{ flag("change_operation = 'D'") }} as is_deleted,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1
