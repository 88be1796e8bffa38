-- Grain: one row per customer and purpose: the newest decision.
with decisions as (

    select identifier_type, identifier_value, purpose, status, recorded_at
    from {{ ref('stg_privacy__consents') }}
    union all
    select
        'customer_id' as identifier_type, user_id as identifier_value, consent_purpose as purpose,
        consent_status as status, occurred_at as recorded_at
    from {{ ref('stg_web__events') }}
    where event_name = 'consent_changed' and user_id is not null and consent_purpose is not null

),

ranked as (

    select
        identities.customer_key, decisions.purpose, decisions.status, decisions.recorded_at,
        row_number() over (
            partition by identities.customer_key, decisions.purpose
            order by decisions.recorded_at desc, decisions.status desc, decisions.identifier_value asc
        ) as recency
    from decisions
    inner join {{ ref('identity_map') }} as identities
        on identities.identifier_type = decisions.identifier_type
        and identities.identifier_value = decisions.identifier_value
        and identities.is_current = 1

),

final as (

    select customer_key, purpose, recorded_at, {{ flag("status = 'granted'") }} as is_granted
    from ranked
    where recency = 1

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('purpose', 'text', 20) }} as purpose,
    ---------- flags
    {{ cast_as('is_granted', 'flag') }} as is_granted,
    ---------- dates
    {{ cast_as('recorded_at', 'timestamp') }} as recorded_at
from final
