-- Grain: one row per customer, feature timestamp and horizon.
-- A label exists only when its horizon has wholly passed at the data's clock.
with horizons as (
{{ inline_rows([['30'], ['90']], ['horizon_days']) }}
),

due as (

    select features.entity_id, features.feature_timestamp, horizons.horizon_days
    from {{ ref('customer_features') }} as features
    cross join horizons
    cross join {{ ref('int_data_clock') }} as clock
    where {{ add_to_timestamp('day', 'horizons.horizon_days', 'features.feature_timestamp') }} <= clock.as_of_at

),

final as (

    select
        due.entity_id, due.feature_timestamp, due.horizon_days,
        {{ flag('count(orders.order_id) > 0') }} as has_purchased,
        coalesce({{ sum_decimal('orders.sales_amount_reporting') }}, 0) as sales_amount
    from due
    left join {{ ref('fct_order') }} as orders
        on orders.customer_key = due.entity_id and orders.is_paid = 1
        and orders.ordered_at >= due.feature_timestamp
        and orders.ordered_at < {{ add_to_timestamp('day', 'due.horizon_days', 'due.feature_timestamp') }}
    group by due.entity_id, due.feature_timestamp, due.horizon_days

)

select
    ---------- ids
    {{ cast_as('entity_id', 'text', 32) }} as entity_id,
    ---------- numbers
    {{ cast_as('horizon_days', 'integer') }} as horizon_days,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    ---------- flags
    {{ cast_as('has_purchased', 'flag') }} as has_purchased,
    ---------- dates
    {{ cast_as('feature_timestamp', 'timestamp') }} as feature_timestamp
from final
