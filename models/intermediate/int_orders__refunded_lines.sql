-- Grain: one row per order line with a refund or chargeback.
with final as (

    select
        order_line_id, order_id, sum(amount) as refund_amount, sum(tax_amount) as refund_tax_amount,
        {{ row_count() }} as refund_count
    from {{ ref('stg_shop__refunds') }}
    group by order_line_id, order_id

)

select
    ---------- ids
    {{ cast_as('order_line_id', 'text', 40) }} as order_line_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    ---------- numbers
    {{ cast_as('refund_amount', 'decimal', 18, 4) }} as refund_amount,
    {{ cast_as('refund_tax_amount', 'decimal', 18, 4) }} as refund_tax_amount,
    {{ cast_as('refund_count', 'integer') }} as refund_count
from final
