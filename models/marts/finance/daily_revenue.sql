-- Grain: one row per day, legal entity, channel and currency.
-- Sales stand on the day of the order, refunds on the day of the refund, each at the rate of its own day.
{{ config(materialized='table', **layout(sort_by=['revenue_date'], partition_by='revenue_date')) }}

with movements as (

    select
        ordered_date as revenue_date, legal_entity_id, channel, currency_code, 1 as order_count, line_count,
        gross_amount, discount_amount, sales_amount, coupon_discount_amount, tax_amount, 0 as refund_amount,
        sales_amount_reporting, 0 as refund_amount_reporting, rate_date
    from {{ ref('fct_order') }}
    union all
    select
        refunded_date as revenue_date, legal_entity_id, channel, currency_code, 0 as order_count, 0 as line_count,
        0 as gross_amount, 0 as discount_amount, 0 as sales_amount, 0 as coupon_discount_amount, 0 as tax_amount,
        amount as refund_amount, 0 as sales_amount_reporting, amount_reporting as refund_amount_reporting, rate_date
    from {{ ref('fct_refund') }}

),

final as (

    select
        revenue_date, legal_entity_id, channel, currency_code,
        {{ sum_integer('order_count') }} as order_count,
        {{ sum_integer('line_count') }} as line_count,
        {{ sum_decimal('gross_amount') }} as gross_amount,
        {{ sum_decimal('discount_amount') }} as discount_amount,
        {{ sum_decimal('sales_amount') }} as sales_amount,
        {{ sum_decimal('coupon_discount_amount') }} as coupon_discount_amount,
        {{ sum_decimal('tax_amount') }} as tax_amount,
        {{ sum_decimal('refund_amount') }} as refund_amount,
        {{ sum_decimal('sales_amount') }} - {{ sum_decimal('refund_amount') }} as net_amount,
        {{ sum_decimal('sales_amount_reporting') }} as sales_amount_reporting,
        {{ sum_decimal('refund_amount_reporting') }} as refund_amount_reporting,
        {{ sum_decimal('sales_amount_reporting') }} - {{ sum_decimal('refund_amount_reporting') }} as net_amount_reporting,
        max(rate_date) as rate_date
    from movements
    group by revenue_date, legal_entity_id, channel, currency_code

)

select
    ---------- ids
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    ---------- text
    {{ cast_as('channel', 'text', 10) }} as channel,
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('order_count', 'integer') }} as order_count,
    {{ cast_as('line_count', 'integer') }} as line_count,
    {{ cast_as('gross_amount', 'decimal', 18, 4) }} as gross_amount,
    {{ cast_as('discount_amount', 'decimal', 18, 4) }} as discount_amount,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    {{ cast_as('coupon_discount_amount', 'decimal', 18, 4) }} as coupon_discount_amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
    {{ cast_as('refund_amount', 'decimal', 18, 4) }} as refund_amount,
    {{ cast_as('net_amount', 'decimal', 18, 4) }} as net_amount,
    {{ cast_as('sales_amount_reporting', 'decimal', 18, 4) }} as sales_amount_reporting,
    {{ cast_as('refund_amount_reporting', 'decimal', 18, 4) }} as refund_amount_reporting,
    {{ cast_as('net_amount_reporting', 'decimal', 18, 4) }} as net_amount_reporting,
    ---------- dates
    {{ cast_as('revenue_date', 'date') }} as revenue_date,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
