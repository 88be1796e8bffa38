-- Grain: one row per customer and stretch of time in which the golden record held (SCD2).
-- Survivorship: for each attribute the newest word wins; of two at one instant the stronger source (see
-- int_customers__attribute_changes). The source that won stands beside each value.
{{ config(materialized='table', **layout(distribute_by='customer_key')) }}

{% set attributes = golden_attributes() %}

with first_told as (

    select customer_key, min(changed_at) as changed_at
    from {{ ref('int_customers__attribute_changes') }}
    group by customer_key

),

told as (

    select customer_key, changed_at, attribute_name, attribute_value, source_name
    from {{ ref('int_customers__attribute_changes') }}
    union all
    -- a customer is known from its first identifier on, also when no source told an attribute until then, or ever
    select
        identities.customer_key, min(identities.key_minted_at) as changed_at,
        cast(null as {{ data_type('text', 30) }}) as attribute_name,
        cast(null as {{ data_type('text', 254) }}) as attribute_value,
        cast(null as {{ data_type('text', 40) }}) as source_name
    from {{ ref('identity_map') }} as identities
    left join first_told on first_told.customer_key = identities.customer_key
    where identities.is_current = 1
    group by identities.customer_key, first_told.changed_at
    having first_told.changed_at is null or min(identities.key_minted_at) < first_told.changed_at

),

instants as (

    select
        customer_key, changed_at
        {%- for name in attributes %},
        max(case when attribute_name = '{{ name }}' then attribute_value end) as {{ name }},
        max(case when attribute_name = '{{ name }}' then source_name end) as {{ name }}_source
        {%- endfor %}
    from told
    group by customer_key, changed_at

),

stretches as (

    select
        customer_key, changed_at
        {%- for name in attributes %},
        {{ name }}, {{ name }}_source,
        {{ last_known_group(name, 'customer_key', 'changed_at') }} as {{ name }}_stretch
        {%- endfor %}
    from instants

),

carried as (

    select
        customer_key, changed_at
        {%- for name in attributes %},
        {{ last_known(name, 'customer_key', name ~ '_stretch') }} as {{ name }},
        {{ last_known(name ~ '_source', 'customer_key', name ~ '_stretch') }} as {{ name }}_source
        {%- endfor %}
    from stretches

),

final as (

    select
        {{ surrogate_key(['customer_key', key_text('changed_at', 'timestamp')]) }} as customer_version_key,
        customer_key, changed_at as valid_from,
        lead(changed_at) over (partition by customer_key order by changed_at) as valid_to,
        case when lead(changed_at) over (partition by customer_key order by changed_at) is null then 1 else 0 end as is_current,
        {{ try_date('birth_date') }} as birth_day
        {%- for name in attributes %},
        {{ name }}, {{ name }}_source
        {%- endfor %}
    from carried

)

select
    ---------- ids
    {{ cast_as('customer_version_key', 'text', 32) }} as customer_version_key,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
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
    ---------- flags
    {{ cast_as('is_current', 'flag') }} as is_current,
    ---------- dates
    {{ cast_as('birth_day', 'date') }} as birth_date,
    {{ cast_as('valid_from', 'timestamp') }} as valid_from,
    {{ cast_as('valid_to', 'timestamp') }} as valid_to
from final
