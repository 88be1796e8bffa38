-- Grain: one row per refund or chargeback.
{{ config(materialized='table', **layout(distribute_by='order_id', sort_by=['refunded_date'])) }}

with final as (

    select
        refunds.refund_id, refunds.order_id, refunds.order_line_id, refunds.payment_id, orders.customer_key,
        orders.legal_entity_id, orders.channel, refunds.refund_kind, refunds.currency_code, refunds.amount,
        refunds.tax_amount, refunds.reason,
        {{ multiply('refunds.amount', 'rates.rate') }} as amount_reporting, refunds.refunded_at,
        refunds.refunded_date, rates.rate_date
    from {{ ref('stg_shop__refunds') }} as refunds
    inner join {{ ref('fct_order') }} as orders on orders.order_id = refunds.order_id
    left join {{ ref('int_finance__daily_rates') }} as rates
        on rates.date_day = refunds.refunded_date and rates.currency_code = refunds.currency_code

)

select
    ---------- ids
    {{ cast_as('refund_id', 'text', 24) }} as refund_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('order_line_id', 'text', 40) }} as order_line_id,
    {{ cast_as('payment_id', 'text', 24) }} as payment_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    ---------- text
    {{ cast_as('channel', 'text', 10) }} as channel,
    {{ cast_as('refund_kind', 'text', 12) }} as refund_kind,
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    {{ cast_as('reason', 'text', 100) }} as reason,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
    {{ cast_as('amount_reporting', 'decimal', 18, 4) }} as amount_reporting,
    ---------- dates
    {{ cast_as('refunded_at', 'timestamp') }} as refunded_at,
    {{ cast_as('refunded_date', 'date') }} as refunded_date,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
