-- Grain: one row per live customer.
with final as (

    select
        customer_key, segment, recency_quintile, frequency_quintile, monetary_quintile, has_email_marketing_consent,
        has_sms_marketing_consent,
        {{ flag('has_email_marketing_consent = 1 and email is not null') }} as is_reachable_by_email,
        {{ flag('has_sms_marketing_consent = 1 and phone is not null') }} as is_reachable_by_sms
    from {{ ref('customer_360') }}

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('segment', 'text', 20) }} as segment,
    ---------- numbers
    {{ cast_as('recency_quintile', 'integer') }} as recency_quintile,
    {{ cast_as('frequency_quintile', 'integer') }} as frequency_quintile,
    {{ cast_as('monetary_quintile', 'integer') }} as monetary_quintile,
    ---------- flags
    {{ cast_as('has_email_marketing_consent', 'flag') }} as has_email_marketing_consent,
    {{ cast_as('has_sms_marketing_consent', 'flag') }} as has_sms_marketing_consent,
    {{ cast_as('is_reachable_by_email', 'flag') }} as is_reachable_by_email,
    {{ cast_as('is_reachable_by_sms', 'flag') }} as is_reachable_by_sms
from final
