-- Grain: one row per customer, attribute and instant at which a source told a value for it.
-- Of several sources at one instant the stronger one tells: profile, then shop account and address book, then guest orders.
with told as (

    select 'customer_id' as key_type, customer_id as key_value, 'first_name' as attribute_name, {{ cast_as('first_name', 'text', 254) }} as attribute_value, 'shop.customers' as source_name, 2 as source_priority, changed_at as changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'last_name' as attribute_name, {{ cast_as('last_name', 'text', 254) }} as attribute_value, 'shop.customers' as source_name, 2 as source_priority, changed_at as changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'email' as attribute_name, {{ cast_as('email', 'text', 254) }} as attribute_value, 'shop.customers' as source_name, 2 as source_priority, changed_at as changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'phone' as attribute_name, {{ cast_as('phone', 'text', 254) }} as attribute_value, 'shop.customers' as source_name, 2 as source_priority, changed_at as changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'birth_date' as attribute_name, {{ cast_as(key_text('birth_date', 'date'), 'text', 254) }} as attribute_value, 'shop.customers' as source_name, 2 as source_priority, changed_at as changed_at
    from {{ ref('stg_shop__customer_changes') }}
    where is_deleted = 0
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'city' as attribute_name, {{ cast_as('city', 'text', 254) }} as attribute_value, 'shop.addresses' as source_name, 2 as source_priority, updated_at as changed_at
    from {{ ref('stg_shop__addresses') }}
    union all
    select 'customer_id' as key_type, customer_id as key_value, 'country_code' as attribute_name, {{ cast_as('country_code', 'text', 254) }} as attribute_value, 'shop.addresses' as source_name, 2 as source_priority, updated_at as changed_at
    from {{ ref('stg_shop__addresses') }}
    union all
    select 'email' as key_type, guest_email as key_value, 'email' as attribute_name, {{ cast_as('guest_email', 'text', 254) }} as attribute_value, 'shop.orders' as source_name, 3 as source_priority, ordered_at as changed_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null
    union all
    select 'customer_id' as key_type, customer_id as key_value, attribute_name,
        case attribute_name when 'email' then {{ email('attribute_value') }} when 'phone' then {{ phone('attribute_value') }} else attribute_value end as attribute_value,
        'profile.changes' as source_name, 1 as source_priority, occurred_at as changed_at
    from {{ ref('stg_profile__changes') }}

),

ranked as (

    select
        map.customer_key, told.attribute_name, told.attribute_value, told.source_name, told.changed_at,
        row_number() over (
            partition by map.customer_key, told.attribute_name, told.changed_at
            order by told.source_priority, told.attribute_value, told.key_value
        ) as strength
    from told
    inner join {{ ref('identity_map') }} as map
        on map.identifier_type = told.key_type and map.identifier_value = told.key_value and map.is_current = 1
    where told.attribute_value is not null

),

final as (

    select customer_key, attribute_name, attribute_value, source_name, changed_at
    from ranked
    where strength = 1

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
from final
