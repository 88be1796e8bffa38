select daily.sales_amount, orders.sales_amount as order_sales_amount, daily.refund_amount,
refunds.refund_amount as refund_refund_amount
from (
    select
        {{ sum_decimal('sales_amount') }} as sales_amount,
        {{ sum_decimal('refund_amount') }} as refund_amount from {{ ref('daily_revenue') }}
) as daily
cross join (select {{ sum_decimal('sales_amount') }} as sales_amount from {{ ref('fct_order') }}) as orders
cross join (select {{ sum_decimal('amount') }} as refund_amount from {{ ref('fct_refund') }}) as refunds
where daily.sales_amount <> orders.sales_amount or daily.refund_amount <> refunds.refund_amount
