-- Grain: one row per live customer, and one unknown customer.
-- Erased persons are absent; their facts point to the unknown customer.
{{ config(materialized='table', **layout(distribute_by='customer_key')) }}

{% set attributes = golden_attributes() %}

with customers as (

    select
        customer_key,
        min(key_minted_at) as customer_since_at,
        {{ row_count() }} as identifier_count,
        {{ sum_integer("case when identifier_type = 'customer_id' then 1 else 0 end") }} as account_count,
        min(case when identifier_type = 'loyalty_card_id' then identifier_value end) as loyalty_card_id
    from {{ ref('identity_map') }}
    where is_current = 1
    group by customer_key

),

golden as (

    select
        customer_key
        {%- for name in attributes %},
        {{ name }}, {{ name }}_source
        {%- endfor %}
    from {{ ref('dim_customer_history') }}
    where is_current = 1

),

consents as (

    select
        customer_key,
        max(case when purpose = 'email_marketing' then is_granted end) as email_marketing,
        max(case when purpose = 'sms_marketing' then is_granted end) as sms_marketing,
        max(case when purpose = 'profiling' then is_granted end) as profiling
    from {{ ref('int_customers__consents') }}
    group by customer_key

),

final as (

    select
        customers.customer_key, customers.customer_since_at, customers.identifier_count, customers.account_count,
        customers.loyalty_card_id,
        {%- for name in attributes %}
        golden.{{ name }}, golden.{{ name }}_source,
        {%- endfor %}
        coalesce(consents.email_marketing, 0) as has_email_marketing_consent,
        coalesce(consents.sms_marketing, 0) as has_sms_marketing_consent,
        coalesce(consents.profiling, 0) as has_profiling_consent,
        0 as is_unknown
    from customers
    left join golden on golden.customer_key = customers.customer_key
    left join consents on consents.customer_key = customers.customer_key
    union all
    select
        {{ unknown_customer_key() }} as customer_key,
        {{ timestamp_literal('1900-01-01 00:00:00') }} as customer_since_at,
        0 as identifier_count, 0 as account_count, null as loyalty_card_id,
        {%- for name in attributes %}
        null as {{ name }}, null as {{ name }}_source,
        {%- endfor %}
        0 as has_email_marketing_consent, 0 as has_sms_marketing_consent, 0 as has_profiling_consent, 1 as is_unknown

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('loyalty_card_id', 'text', 20) }} as loyalty_card_id,
    ---------- text
    {{ cast_as('first_name', 'text', 100) }} as first_name,
    {{ cast_as('first_name_source', 'text', 40) }} as first_name_source,
    {{ cast_as('last_name', 'text', 100) }} as last_name,
    {{ cast_as('last_name_source', 'text', 40) }} as last_name_source,
    {{ cast_as('email', 'text', 254) }} as email,
    {{ cast_as('email_source', 'text', 40) }} as email_source,
    {{ cast_as('phone', 'text', 15) }} as phone,
    {{ cast_as('phone_source', 'text', 40) }} as phone_source,
    {{ cast_as('birth_date_source', 'text', 40) }} as birth_date_source,
    {{ cast_as('city', 'text', 100) }} as city,
    {{ cast_as('city_source', 'text', 40) }} as city_source,
    {{ cast_as('country_code', 'text', 2) }} as country_code,
    {{ cast_as('country_code_source', 'text', 40) }} as country_code_source,
    {{ cast_as('preferred_language', 'text', 10) }} as preferred_language,
    {{ cast_as('preferred_language_source', 'text', 40) }} as preferred_language_source,
    ---------- numbers
    {{ cast_as('identifier_count', 'integer') }} as identifier_count,
    {{ cast_as('account_count', 'integer') }} as account_count,
    ---------- flags
    {{ cast_as('has_email_marketing_consent', 'flag') }} as has_email_marketing_consent,
    {{ cast_as('has_sms_marketing_consent', 'flag') }} as has_sms_marketing_consent,
    {{ cast_as('has_profiling_consent', 'flag') }} as has_profiling_consent,
    {{ cast_as('is_unknown', 'flag') }} as is_unknown,
    ---------- dates
    {{ cast_as('birth_date', 'date') }} as birth_date,
    {{ cast_as('customer_since_at', 'timestamp') }} as customer_since_at
from final
