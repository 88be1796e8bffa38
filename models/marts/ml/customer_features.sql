-- Grain: one row per customer and feature timestamp (the start of each month).
-- Point in time: only orders and visits before the feature timestamp count, so a model trained on it never sees the future.
-- Refunds are left out, because they may come later.
{{ config(materialized='table', **layout(distribute_by='entity_id')) }}

with months as (

    select {{ cast_as('date_day', 'timestamp') }} as feature_timestamp
    from {{ ref('dim_date') }}
    cross join {{ ref('int_data_clock') }} as clock
    where date_day = month_start and date_day <= clock.as_of_date

),

order_days as (

    select
        customer_key, ordered_date, {{ row_count() }} as order_count,
        {{ sum_decimal('sales_amount_reporting') }} as sales, max(ordered_at) as last_at
    from {{ ref('fct_order') }}
    where is_paid = 1 and customer_key <> {{ unknown_customer_key() }}
    group by customer_key, ordered_date

),

final as (

    select
        order_days.customer_key as entity_id,
        months.feature_timestamp,
        {{ sum_integer('order_days.order_count') }} as order_count,
        {{ row_count() }} - 1 as repeat_day_count,
        {{ date_difference('day', 'min(order_days.ordered_date)', 'max(order_days.ordered_date)') }} as recency_age_days,
        {{ date_difference('day', 'min(order_days.ordered_date)', 'months.feature_timestamp') }} as age_days,
        {{ date_difference('day', 'max(order_days.ordered_date)', 'months.feature_timestamp') }} as days_since_last_order,
        {{ sum_decimal('order_days.sales') }} as sales_amount,
        {{ divide('sum(order_days.sales)', row_count()) }} as mean_sales_per_day,
        max(order_days.last_at) as newest_input_at
    from order_days
    inner join months on order_days.last_at < months.feature_timestamp
    group by order_days.customer_key, months.feature_timestamp

)

select
    ---------- ids
    {{ cast_as('entity_id', 'text', 32) }} as entity_id,
    ---------- numbers
    {{ cast_as('order_count', 'integer') }} as order_count,
    {{ cast_as('repeat_day_count', 'integer') }} as repeat_day_count,
    {{ cast_as('recency_age_days', 'integer') }} as recency_age_days,
    {{ cast_as('age_days', 'integer') }} as age_days,
    {{ cast_as('days_since_last_order', 'integer') }} as days_since_last_order,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    {{ cast_as('mean_sales_per_day', 'decimal', 18, 4) }} as mean_sales_per_day,
    ---------- dates
    {{ cast_as('feature_timestamp', 'timestamp') }} as feature_timestamp,
    {{ cast_as('newest_input_at', 'timestamp') }} as newest_input_at
from final
