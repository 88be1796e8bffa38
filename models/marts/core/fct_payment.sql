-- Grain: one row per payment.
{{ config(materialized='table', **layout(distribute_by='order_id', sort_by=['paid_date'])) }}

with final as (

    select
        payments.payment_id, payments.order_id, orders.customer_key, payments.payment_method, payments.payment_status,
        payments.currency_code,
        payments.amount, {{ multiply('payments.amount', 'rates.rate') }} as amount_reporting, payments.paid_at,
        payments.paid_date, rates.rate_date,
        {{ flag("payments.payment_status = 'captured'") }} as is_captured
    from {{ ref('stg_shop__payments') }} as payments
    inner join {{ ref('int_identity__order_customers') }} as orders on orders.order_id = payments.order_id
    left join {{ ref('int_finance__daily_rates') }} as rates
        on rates.date_day = payments.paid_date and rates.currency_code = payments.currency_code

)

select
    ---------- ids
    {{ cast_as('payment_id', 'text', 24) }} as payment_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('payment_method', 'text', 12) }} as payment_method,
    {{ cast_as('payment_status', 'text', 12) }} as payment_status,
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    {{ cast_as('amount_reporting', 'decimal', 18, 4) }} as amount_reporting,
    ---------- flags
    {{ cast_as('is_captured', 'flag') }} as is_captured,
    ---------- dates
    {{ cast_as('paid_at', 'timestamp') }} as paid_at,
    {{ cast_as('paid_date', 'date') }} as paid_date,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
