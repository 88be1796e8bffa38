select staged.line_count, staged.sales_amount, built.line_count as built_line_count,
built.sales_amount as built_sales_amount
from (
    select
        {{ row_count() }} as line_count, {{ sum_decimal('sales_amount') }} as sales_amount,
        {{ sum_decimal('retail_discount_amount') }} as retail_discount_amount,
        {{ sum_decimal('coupon_discount_amount') }} as coupon_discount_amount
    from {{ ref('stg_shop__order_lines') }}
    where is_deleted = 0
) as staged
cross join (
    select
        {{ row_count() }} as line_count, {{ sum_decimal('sales_amount') }} as sales_amount,
        {{ sum_decimal('retail_discount_amount') }} as retail_discount_amount,
        {{ sum_decimal('coupon_discount_amount') }} as coupon_discount_amount
    from {{ ref('fct_order_line') }}
) as built
where staged.line_count <> built.line_count
    or staged.sales_amount <> built.sales_amount
    or staged.retail_discount_amount <> built.retail_discount_amount
    or staged.coupon_discount_amount <> built.coupon_discount_amount
