-- Grain: one row per customer and stretch of time in which the golden record held (SCD2).
-- Survivorship: for each attribute the newest word wins; of two at one instant the stronger source (see
-- int_customers__attribute_changes). The source that won stands beside each value.
{{ config(materialized='table', **layout(distribute_by='customer_key')) }}

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
        map.customer_key, min(map.key_minted_at) as changed_at,
        cast(null as {{ data_type('text', 30) }}) as attribute_name,
        cast(null as {{ data_type('text', 254) }}) as attribute_value,
        cast(null as {{ data_type('text', 40) }}) as source_name
    from {{ ref('identity_map') }} as map
    left join first_told on first_told.customer_key = map.customer_key
    where map.is_current = 1
    group by map.customer_key, first_told.changed_at
    having first_told.changed_at is null or min(map.key_minted_at) < first_told.changed_at

),

instants as (

    select
        customer_key, changed_at,
        max(case when attribute_name = 'first_name' then attribute_value end) as first_name,
        max(case when attribute_name = 'first_name' then source_name end) as first_name_source,
        max(case when attribute_name = 'last_name' then attribute_value end) as last_name,
        max(case when attribute_name = 'last_name' then source_name end) as last_name_source,
        max(case when attribute_name = 'email' then attribute_value end) as email,
        max(case when attribute_name = 'email' then source_name end) as email_source,
        max(case when attribute_name = 'phone' then attribute_value end) as phone,
        max(case when attribute_name = 'phone' then source_name end) as phone_source,
        max(case when attribute_name = 'birth_date' then attribute_value end) as birth_date,
        max(case when attribute_name = 'birth_date' then source_name end) as birth_date_source,
        max(case when attribute_name = 'city' then attribute_value end) as city,
        max(case when attribute_name = 'city' then source_name end) as city_source,
        max(case when attribute_name = 'country_code' then attribute_value end) as country_code,
        max(case when attribute_name = 'country_code' then source_name end) as country_code_source,
        max(case when attribute_name = 'preferred_language' then attribute_value end) as preferred_language,
        max(case when attribute_name = 'preferred_language' then source_name end) as preferred_language_source
    from told
    group by customer_key, changed_at

),

stretches as (

    select
        customer_key, changed_at,
        first_name, first_name_source, {{ last_known_group('first_name', 'customer_key', 'changed_at') }} as first_name_stretch,
        last_name, last_name_source, {{ last_known_group('last_name', 'customer_key', 'changed_at') }} as last_name_stretch,
        email, email_source, {{ last_known_group('email', 'customer_key', 'changed_at') }} as email_stretch,
        phone, phone_source, {{ last_known_group('phone', 'customer_key', 'changed_at') }} as phone_stretch,
        birth_date, birth_date_source, {{ last_known_group('birth_date', 'customer_key', 'changed_at') }} as birth_date_stretch,
        city, city_source, {{ last_known_group('city', 'customer_key', 'changed_at') }} as city_stretch,
        country_code, country_code_source, {{ last_known_group('country_code', 'customer_key', 'changed_at') }} as country_code_stretch,
        preferred_language, preferred_language_source, {{ last_known_group('preferred_language', 'customer_key', 'changed_at') }} as preferred_language_stretch
    from instants

),

carried as (

    select
        customer_key, changed_at,
        {{ last_known('first_name', 'customer_key', 'first_name_stretch') }} as first_name,
        {{ last_known('first_name_source', 'customer_key', 'first_name_stretch') }} as first_name_source,
        {{ last_known('last_name', 'customer_key', 'last_name_stretch') }} as last_name,
        {{ last_known('last_name_source', 'customer_key', 'last_name_stretch') }} as last_name_source,
        {{ last_known('email', 'customer_key', 'email_stretch') }} as email,
        {{ last_known('email_source', 'customer_key', 'email_stretch') }} as email_source,
        {{ last_known('phone', 'customer_key', 'phone_stretch') }} as phone,
        {{ last_known('phone_source', 'customer_key', 'phone_stretch') }} as phone_source,
        {{ last_known('birth_date', 'customer_key', 'birth_date_stretch') }} as birth_date_text,
        {{ last_known('birth_date_source', 'customer_key', 'birth_date_stretch') }} as birth_date_source,
        {{ last_known('city', 'customer_key', 'city_stretch') }} as city,
        {{ last_known('city_source', 'customer_key', 'city_stretch') }} as city_source,
        {{ last_known('country_code', 'customer_key', 'country_code_stretch') }} as country_code,
        {{ last_known('country_code_source', 'customer_key', 'country_code_stretch') }} as country_code_source,
        {{ last_known('preferred_language', 'customer_key', 'preferred_language_stretch') }} as preferred_language,
        {{ last_known('preferred_language_source', 'customer_key', 'preferred_language_stretch') }} as preferred_language_source
    from stretches

),

final as (

    select
        {{ surrogate_key(['customer_key', key_text('changed_at', 'timestamp')]) }} as customer_version_key,
        customer_key, first_name, first_name_source, last_name, last_name_source, email, email_source, phone, phone_source, {{ try_date('birth_date_text') }} as birth_date, birth_date_source, city, city_source, country_code, country_code_source, preferred_language, preferred_language_source,
        changed_at as valid_from,
        lead(changed_at) over (partition by customer_key order by changed_at) as valid_to,
        case when lead(changed_at) over (partition by customer_key order by changed_at) is null then 1 else 0 end as is_current
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
    {{ cast_as('birth_date', 'date') }} as birth_date,
    {{ cast_as('valid_from', 'timestamp') }} as valid_from,
    {{ cast_as('valid_to', 'timestamp') }} as valid_to
from final
