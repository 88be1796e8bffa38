-- Grain: one row per cohort month and number of months since.
-- A customer's cohort is the month of the first paid order; active means at least one paid order in the month.
with active as (

    select
        customer_key, {{ truncate_date('month', 'ordered_date') }} as active_month,
        sum(net_amount_reporting) as net_revenue
    from {{ ref('fct_order') }}
    where is_paid = 1 and customer_key <> {{ unknown_customer_key() }}
    group by customer_key, {{ truncate_date('month', 'ordered_date') }}

),

cohorts as (

    select customer_key, min(active_month) as cohort_month
    from active
    group by customer_key

),

sizes as (

    select cohort_month, {{ row_count() }} as cohort_size
    from cohorts
    group by cohort_month

),

final as (

    select
        cohorts.cohort_month,
        {{ date_difference('month', 'cohorts.cohort_month', 'active.active_month') }} as month_number,
        min(sizes.cohort_size) as cohort_size,
        {{ row_count() }} as active_customers,
        {{ divide(row_count(), 'min(sizes.cohort_size)', 18, 8) }} as retention_rate,
        {{ sum_decimal('active.net_revenue') }} as net_revenue
    from active
    inner join cohorts on cohorts.customer_key = active.customer_key
    inner join sizes on sizes.cohort_month = cohorts.cohort_month
    group by cohorts.cohort_month, {{ date_difference('month', 'cohorts.cohort_month', 'active.active_month') }}

)

select
    ---------- numbers
    {{ cast_as('month_number', 'integer') }} as month_number,
    {{ cast_as('cohort_size', 'integer') }} as cohort_size,
    {{ cast_as('active_customers', 'integer') }} as active_customers,
    {{ cast_as('retention_rate', 'decimal', 18, 8) }} as retention_rate,
    {{ cast_as('net_revenue', 'decimal', 18, 4) }} as net_revenue,
    ---------- dates
    {{ cast_as('cohort_month', 'date') }} as cohort_month
from final
