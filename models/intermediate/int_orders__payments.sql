-- Grain: one row per order with a captured payment.
with final as (

    select order_id, {{ sum_decimal('amount') }} as paid_amount, min(paid_at) as first_paid_at
    from {{ ref('stg_shop__payments') }}
    where payment_status = 'captured'
    group by order_id

)

select
    ---------- ids
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    ---------- numbers
    {{ cast_as('paid_amount', 'decimal', 18, 4) }} as paid_amount,
    ---------- dates
    {{ cast_as('first_paid_at', 'timestamp') }} as first_paid_at
from final
