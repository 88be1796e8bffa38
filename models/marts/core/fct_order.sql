-- Grain: one row per order.
-- Amounts stand in the order's own currency and, as *_reporting, in the reporting currency at the rate of the order's day.
-- An erased person's cookie is not told. Refunds stand on the order they belong to; daily_revenue books them on their own day.
{{ config(materialized='table', **layout(distribute_by='customer_key', sort_by=['ordered_date'], partition_by='ordered_date')) }}

with refunds as (

    select
        order_id, {{ sum_decimal('refund_amount') }} as refund_amount,
        {{ sum_decimal('refund_tax_amount') }} as refund_tax_amount
    from {{ ref('int_orders__refunded_lines') }}
    group by order_id

),

joined as (

    select
        orders.order_id, customers.customer_key, orders.store_id, stores.store_key, stores.legal_entity_id,
        orders.channel, orders.currency_code, orders.order_status, orders.ordered_at, orders.ordered_date,
        case when {{ is_erased('anonymous_id', 'orders.anonymous_id') }} then null else orders.anonymous_id end as anonymous_id,
        coalesce(totals.line_count, 0) as line_count,
        coalesce(totals.quantity, 0) as quantity,
        coalesce(totals.gross_amount, 0) as gross_amount,
        coalesce(totals.discount_amount, 0) as discount_amount,
        coalesce(totals.retail_discount_amount, 0) as retail_discount_amount,
        coalesce(totals.coupon_match_discount_amount, 0) as coupon_match_discount_amount,
        coalesce(totals.sales_amount, 0) as sales_amount,
        coalesce(totals.coupon_discount_amount, 0) as coupon_discount_amount,
        coalesce(totals.tax_amount, 0) as tax_amount,
        coalesce(refunds.refund_amount, 0) as refund_amount,
        coalesce(totals.sales_amount, 0) - coalesce(refunds.refund_amount, 0) as net_amount,
        coalesce(payments.paid_amount, 0) as paid_amount,
        case when payments.order_id is null or orders.order_status = 'cancelled' then 0 else 1 end as is_paid,
        rates.rate as exchange_rate, rates.rate_date
    from {{ ref('stg_shop__orders') }} as orders
    inner join {{ ref('int_identity__order_customers') }} as customers on customers.order_id = orders.order_id
    left join {{ ref('dim_store') }} as stores on stores.store_id = orders.store_id
    left join {{ ref('int_orders__totals') }} as totals on totals.order_id = orders.order_id
    left join refunds on refunds.order_id = orders.order_id
    left join {{ ref('int_orders__payments') }} as payments on payments.order_id = orders.order_id
    left join {{ ref('int_finance__daily_rates') }} as rates
        on rates.date_day = orders.ordered_date and rates.currency_code = orders.currency_code

),

final as (

    select
        {{ surrogate_key(['order_id']) }} as order_key,
        order_id, customer_key, store_key, legal_entity_id, channel, currency_code, order_status, ordered_at,
        ordered_date, anonymous_id, line_count, quantity, gross_amount, discount_amount, retail_discount_amount,
        coupon_match_discount_amount, sales_amount, coupon_discount_amount, tax_amount, refund_amount, net_amount,
        paid_amount, is_paid, exchange_rate, rate_date,
        {{ multiply('sales_amount', 'exchange_rate') }} as sales_amount_reporting,
        {{ multiply('refund_amount', 'exchange_rate') }} as refund_amount_reporting,
        {{ multiply('sales_amount', 'exchange_rate') }} - {{ multiply('refund_amount', 'exchange_rate') }} as net_amount_reporting,
        {{ multiply('discount_amount', 'exchange_rate') }} as discount_amount_reporting,
        case
            when is_paid = 1 then row_number() over (partition by customer_key, is_paid order by ordered_at, order_id)
        end as order_number_of_customer
    from joined

)

select
    ---------- ids
    {{ cast_as('order_key', 'text', 32) }} as order_key,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('store_key', 'text', 32) }} as store_key,
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    {{ cast_as('anonymous_id', 'text', 40) }} as anonymous_id,
    ---------- text
    {{ cast_as('channel', 'text', 10) }} as channel,
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    {{ cast_as('order_status', 'text', 12) }} as order_status,
    ---------- numbers
    {{ cast_as('line_count', 'integer') }} as line_count,
    {{ cast_as('quantity', 'integer') }} as quantity,
    {{ cast_as('gross_amount', 'decimal', 18, 4) }} as gross_amount,
    {{ cast_as('discount_amount', 'decimal', 18, 4) }} as discount_amount,
    {{ cast_as('retail_discount_amount', 'decimal', 18, 4) }} as retail_discount_amount,
    {{ cast_as('coupon_match_discount_amount', 'decimal', 18, 4) }} as coupon_match_discount_amount,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    {{ cast_as('coupon_discount_amount', 'decimal', 18, 4) }} as coupon_discount_amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
    {{ cast_as('refund_amount', 'decimal', 18, 4) }} as refund_amount,
    {{ cast_as('net_amount', 'decimal', 18, 4) }} as net_amount,
    {{ cast_as('paid_amount', 'decimal', 18, 4) }} as paid_amount,
    {{ cast_as('exchange_rate', 'decimal', 18, 8) }} as exchange_rate,
    {{ cast_as('sales_amount_reporting', 'decimal', 18, 4) }} as sales_amount_reporting,
    {{ cast_as('refund_amount_reporting', 'decimal', 18, 4) }} as refund_amount_reporting,
    {{ cast_as('net_amount_reporting', 'decimal', 18, 4) }} as net_amount_reporting,
    {{ cast_as('discount_amount_reporting', 'decimal', 18, 4) }} as discount_amount_reporting,
    {{ cast_as('order_number_of_customer', 'integer') }} as order_number_of_customer,
    ---------- flags
    {{ cast_as('is_paid', 'flag') }} as is_paid,
    ---------- dates
    {{ cast_as('ordered_at', 'timestamp') }} as ordered_at,
    {{ cast_as('ordered_date', 'date') }} as ordered_date,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
