-- Grain: one row per live customer.
-- Recency is whole days since the last paid order at the data's own clock; frequency is paid orders; monetary is net revenue
-- without tax, after refunds, in the reporting currency. Quintiles: 5 is best, ties are broken by customer_key; customers
-- without a paid order have none. Churn rule: silence longer than twice the customer's own mean gap, for customers with at
-- least three paid orders; the models' scores stand beside it and are never mixed with it.
{{ config(materialized='table', **layout(distribute_by='customer_key')) }}

with orders as (

    select
        customer_key,
        {{ row_count() }} as order_count,
        {{ sum_integer("case when channel = 'store' then 0 else 1 end") }} as online_order_count,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at,
        min(ordered_date) as first_ordered_date,
        max(ordered_date) as last_ordered_date,
        {{ sum_decimal('net_amount_reporting') }} as net_revenue,
        {{ sum_decimal('refund_amount_reporting') }} as refunded,
        {{ sum_decimal('discount_amount_reporting') }} as discounts
    from {{ ref('fct_order') }}
    where is_paid = 1
    group by customer_key

),

scored as (

    select
        customer_key,
        6 - ntile(5) over (order by last_ordered_date desc, customer_key asc) as recency_quintile,
        ntile(5) over (order by order_count, customer_key) as frequency_quintile,
        ntile(5) over (order by net_revenue, customer_key) as monetary_quintile
    from orders
    where customer_key <> {{ unknown_customer_key() }}

),

visits as (

    select
        customer_key, {{ row_count() }} as session_count, {{ sum_integer('page_view_count') }} as page_view_count,
        {{ sum_integer('is_converted') }} as converted_session_count, max(started_at) as last_visited_at
    from {{ ref('fct_session') }}
    group by customer_key

),

redemptions as (

    select identities.customer_key, {{ row_count() }} as redemption_count
    from {{ ref('stg_marketing__redemptions') }} as redemptions
    inner join {{ ref('identity_map') }} as identities
        on identities.identifier_type = 'loyalty_card_id'
        and identities.identifier_value = redemptions.loyalty_card_id
        and identities.is_current = 1
    group by identities.customer_key

),

demographics as (

    select loyalty_card_id, age_band, income_band, household_size
    from {{ ref('stg_marketing__demographics') }}

),

predictions as (

    select
        customer_key,
        max(case when model_name = 'clv_12_months' then score end) as predicted_revenue_12_months,
        max(case when model_name = 'churn_probability' then score end) as churn_probability
    from {{ ref('prediction_current') }}
    group by customer_key

),

joined as (

    select
        customers.customer_key, customers.first_name, customers.last_name, customers.email, customers.phone,
        customers.birth_date, customers.city, customers.country_code, customers.preferred_language,
        customers.loyalty_card_id, customers.customer_since_at, customers.identifier_count, customers.account_count,
        customers.has_email_marketing_consent, customers.has_sms_marketing_consent, customers.has_profiling_consent,
        demographics.age_band, demographics.income_band, demographics.household_size,
        coalesce(orders.order_count, 0) as order_count, coalesce(orders.online_order_count, 0) as online_order_count,
        orders.first_ordered_at, orders.last_ordered_at,
        {{ date_difference('day', 'orders.last_ordered_date', 'clock.as_of_date') }} as recency_days,
        coalesce(orders.net_revenue, 0) as net_revenue, coalesce(orders.refunded, 0) as refunded_amount,
        coalesce(orders.discounts, 0) as discount_amount,
        {{ divide('orders.net_revenue', 'orders.order_count') }} as average_order_value,
        {{ divide(
            date_difference('day', 'orders.first_ordered_date', 'orders.last_ordered_date'),
            'nullif(orders.order_count - 1, 0)'
        ) }} as mean_gap_days,
        scored.recency_quintile, scored.frequency_quintile, scored.monetary_quintile,
        coalesce(visits.session_count, 0) as session_count, coalesce(visits.page_view_count, 0) as page_view_count,
        coalesce(visits.converted_session_count, 0) as converted_session_count, visits.last_visited_at,
        coalesce(redemptions.redemption_count, 0) as coupon_redemption_count,
        predictions.predicted_revenue_12_months, predictions.churn_probability, clock.as_of_at
    from {{ ref('dim_customer') }} as customers
    cross join {{ ref('int_data_clock') }} as clock
    left join orders on orders.customer_key = customers.customer_key
    left join scored on scored.customer_key = customers.customer_key
    left join visits on visits.customer_key = customers.customer_key
    left join redemptions on redemptions.customer_key = customers.customer_key
    left join demographics on demographics.loyalty_card_id = customers.loyalty_card_id
    left join predictions on predictions.customer_key = customers.customer_key
    where customers.is_unknown = 0

),

final as (

    select
        customer_key, first_name, last_name, email, phone, birth_date, city, country_code, preferred_language,
        loyalty_card_id, customer_since_at, identifier_count, account_count, has_email_marketing_consent,
        has_sms_marketing_consent, has_profiling_consent, age_band, income_band, household_size, order_count,
        online_order_count, first_ordered_at, last_ordered_at, recency_days, net_revenue, refunded_amount,
        discount_amount, average_order_value, mean_gap_days, recency_quintile, frequency_quintile, monetary_quintile,
        session_count, page_view_count, converted_session_count, last_visited_at, coupon_redemption_count,
        predicted_revenue_12_months, churn_probability,
        {{ flag('order_count >= 3 and recency_days > 2 * mean_gap_days') }} as is_churned_by_rule,
        case
            when order_count = 0 then 'prospect'
            when recency_quintile >= 4 and frequency_quintile >= 4 and monetary_quintile >= 4 then 'champion'
            when recency_quintile >= 4 and frequency_quintile <= 2 then 'promising'
            when frequency_quintile >= 4 and recency_quintile <= 2 then 'at risk'
            when recency_quintile <= 2 then 'dormant'
            else 'regular'
        end as segment,
        as_of_at
    from joined

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('loyalty_card_id', 'text', 20) }} as loyalty_card_id,
    ---------- text
    {{ cast_as('first_name', 'text', 100) }} as first_name,
    {{ cast_as('last_name', 'text', 100) }} as last_name,
    {{ cast_as('email', 'text', 254) }} as email,
    {{ cast_as('phone', 'text', 15) }} as phone,
    {{ cast_as('city', 'text', 100) }} as city,
    {{ cast_as('country_code', 'text', 2) }} as country_code,
    {{ cast_as('preferred_language', 'text', 10) }} as preferred_language,
    {{ cast_as('age_band', 'text', 20) }} as age_band,
    {{ cast_as('income_band', 'text', 20) }} as income_band,
    {{ cast_as('household_size', 'text', 10) }} as household_size,
    {{ cast_as('segment', 'text', 20) }} as segment,
    ---------- numbers
    {{ cast_as('identifier_count', 'integer') }} as identifier_count,
    {{ cast_as('account_count', 'integer') }} as account_count,
    {{ cast_as('order_count', 'integer') }} as order_count,
    {{ cast_as('online_order_count', 'integer') }} as online_order_count,
    {{ cast_as('recency_days', 'integer') }} as recency_days,
    {{ cast_as('net_revenue', 'decimal', 18, 4) }} as net_revenue,
    {{ cast_as('refunded_amount', 'decimal', 18, 4) }} as refunded_amount,
    {{ cast_as('discount_amount', 'decimal', 18, 4) }} as discount_amount,
    {{ cast_as('average_order_value', 'decimal', 18, 4) }} as average_order_value,
    {{ cast_as('mean_gap_days', 'decimal', 18, 4) }} as mean_gap_days,
    {{ cast_as('recency_quintile', 'integer') }} as recency_quintile,
    {{ cast_as('frequency_quintile', 'integer') }} as frequency_quintile,
    {{ cast_as('monetary_quintile', 'integer') }} as monetary_quintile,
    {{ cast_as('session_count', 'integer') }} as session_count,
    {{ cast_as('page_view_count', 'integer') }} as page_view_count,
    {{ cast_as('converted_session_count', 'integer') }} as converted_session_count,
    {{ cast_as('coupon_redemption_count', 'integer') }} as coupon_redemption_count,
    {{ cast_as('predicted_revenue_12_months', 'decimal', 18, 8) }} as predicted_revenue_12_months,
    {{ cast_as('churn_probability', 'decimal', 18, 8) }} as churn_probability,
    ---------- flags
    {{ cast_as('has_email_marketing_consent', 'flag') }} as has_email_marketing_consent,
    {{ cast_as('has_sms_marketing_consent', 'flag') }} as has_sms_marketing_consent,
    {{ cast_as('has_profiling_consent', 'flag') }} as has_profiling_consent,
    {{ cast_as('is_churned_by_rule', 'flag') }} as is_churned_by_rule,
    ---------- dates
    {{ cast_as('birth_date', 'date') }} as birth_date,
    {{ cast_as('customer_since_at', 'timestamp') }} as customer_since_at,
    {{ cast_as('first_ordered_at', 'timestamp') }} as first_ordered_at,
    {{ cast_as('last_ordered_at', 'timestamp') }} as last_ordered_at,
    {{ cast_as('last_visited_at', 'timestamp') }} as last_visited_at,
    {{ cast_as('as_of_at', 'timestamp') }} as as_of_at
from final
