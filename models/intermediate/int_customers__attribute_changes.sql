-- Grain: one row per customer, attribute and instant at which a source told a value that holds from then on.
-- Survivorship is data (seed identity_survivorship): with newest every word counts, with strongest_source only words of a
-- source that no stronger one has spoken over, with most_frequent the word that was told most often until then, of two
-- told equally often the newer. Of several sources at one instant the stronger one tells.
{% set account_attributes = ['first_name', 'last_name', 'email', 'phone', 'birth_date'] %}
{% set address_attributes = ['city', 'country_code'] %}

with told as (

    {% for name in account_attributes -%}
    select
        'customer_id' as key_type, customer_id as key_value, '{{ name }}' as attribute_name,
        {{ cast_as(key_text(name, 'date') if name == 'birth_date' else name, 'text', 254) }} as attribute_value,
        'shop.customers' as source_name, changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    {% endfor -%}
    {% for name in address_attributes -%}
    select
        'customer_id' as key_type, customer_id as key_value, '{{ name }}' as attribute_name,
        {{ cast_as(name, 'text', 254) }} as attribute_value,
        'shop.addresses' as source_name, updated_at as changed_at
    from {{ ref('stg_shop__addresses') }}
    union all
    {% endfor -%}
    select
        'email' as key_type, guest_email as key_value, 'email' as attribute_name,
        {{ cast_as('guest_email', 'text', 254) }} as attribute_value,
        'shop.orders' as source_name, ordered_at as changed_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null
    union all
    select
        'customer_id' as key_type, customer_id as key_value, attribute_name,
        case attribute_name
            when 'email' then {{ email('attribute_value') }}
            when 'phone' then {{ phone('attribute_value') }}
            else attribute_value
        end as attribute_value,
        'profile.changes' as source_name, occurred_at as changed_at
    from {{ ref('stg_profile__changes') }}

),

owned as (

    select
        identities.customer_key, told.attribute_name, told.attribute_value, told.source_name, told.changed_at,
        told.key_value, survivorship.source_priority, survivorship.who_wins,
        min(survivorship.source_priority) over (
            partition by identities.customer_key, told.attribute_name
            order by told.changed_at, survivorship.source_priority, told.attribute_value, told.key_value
            rows between unbounded preceding and current row
        ) as strongest_priority,
        row_number() over (
            partition by identities.customer_key, told.attribute_name, told.attribute_value
            order by told.changed_at, survivorship.source_priority, told.key_value
        ) as times_told
    from told
    inner join {{ ref('identity_survivorship') }} as survivorship
        on survivorship.attribute_name = told.attribute_name and survivorship.source_name = told.source_name
    inner join {{ ref('identity_map') }} as identities
        on identities.identifier_type = told.key_type and identities.identifier_value = told.key_value and identities.is_current = 1
    where told.attribute_value is not null

),

counted as (

    select
        customer_key, attribute_name, attribute_value, source_name, changed_at, key_value, source_priority, who_wins,
        strongest_priority, times_told,
        max(times_told) over (
            partition by customer_key, attribute_name
            order by changed_at, source_priority, attribute_value, key_value
            rows between unbounded preceding and current row
        ) as most_told
    from owned

),

ranked as (

    select
        customer_key, attribute_name, attribute_value, source_name, changed_at,
        row_number() over (
            partition by customer_key, attribute_name, changed_at
            order by
                case when who_wins = 'most_frequent' then times_told else 0 end desc,
                source_priority asc, attribute_value asc, key_value asc
        ) as strength
    from counted
    where
        who_wins = 'newest'
        or (who_wins = 'strongest_source' and source_priority = strongest_priority)
        or (who_wins = 'most_frequent' and times_told = most_told)

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('attribute_name', 'text', 30) }} as attribute_name,
    {{ cast_as('attribute_value', 'text', 254) }} as attribute_value,
    {{ cast_as('source_name', 'text', 40) }} as source_name,
    ---------- dates
    {{ cast_as('changed_at', 'timestamp') }} as changed_at
from ranked
where strength = 1
