-- Grain: one row per order that has lines.
with final as (

    select
        order_id,
        {{ row_count() }} as line_count,
        {{ sum_integer('quantity') }} as quantity,
        {{ sum_decimal('gross_amount') }} as gross_amount,
        {{ sum_decimal('discount_amount') }} as discount_amount,
        {{ sum_decimal('retail_discount_amount') }} as retail_discount_amount,
        {{ sum_decimal('coupon_match_discount_amount') }} as coupon_match_discount_amount,
        {{ sum_decimal('sales_amount') }} as sales_amount,
        {{ sum_decimal('coupon_discount_amount') }} as coupon_discount_amount,
        {{ sum_decimal('tax_amount') }} as tax_amount
    from {{ ref('stg_shop__order_lines') }}
    where is_deleted = 0
    group by order_id

)

select
    ---------- ids
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    ---------- numbers
    {{ cast_as('line_count', 'integer') }} as line_count,
    {{ cast_as('quantity', 'integer') }} as quantity,
    {{ cast_as('gross_amount', 'decimal', 18, 4) }} as gross_amount,
    {{ cast_as('discount_amount', 'decimal', 18, 4) }} as discount_amount,
    {{ cast_as('retail_discount_amount', 'decimal', 18, 4) }} as retail_discount_amount,
    {{ cast_as('coupon_match_discount_amount', 'decimal', 18, 4) }} as coupon_match_discount_amount,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    {{ cast_as('coupon_discount_amount', 'decimal', 18, 4) }} as coupon_discount_amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount
from final
