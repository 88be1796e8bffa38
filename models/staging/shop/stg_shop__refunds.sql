-- Grain: one row per refund or chargeback.
{{ config(materialized='table') }}

with changes as (

    select
        refund_id,
        order_id,
        order_line_id,
        payment_id,
        refund_kind,
        amount,
        tax_amount,
        currency_code,
        reason,
        refunded_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by refund_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'refunds') }}

)

select
    ---------- ids
    {{ text('refund_id', 24) }} as refund_id,
    {{ text('order_id', 20) }} as order_id,
    {{ text('order_line_id', 40) }} as order_line_id,
    {{ text('payment_id', 24) }} as payment_id,
    ---------- text
    {{ text('refund_kind', 12) }} as refund_kind,
    {{ text('currency_code', 3) }} as currency_code,
    {{ text('reason', 100) }} as reason,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
    ---------- dates
    {{ utc_timestamp('refunded_at') }} as refunded_at,
    {{ date_of(utc_timestamp('refunded_at')) }} as refunded_date,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
