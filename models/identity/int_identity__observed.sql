-- Grain: one row per identifier that any record shows, denied ones included.
with seen as (

    select 'customer_id' as identifier_type, customer_id as identifier_value, min(created_at) as first_seen_at, max(created_at) as last_seen_at
    from {{ ref('stg_shop__customers') }}
    where customer_id is not null
    group by customer_id
    union all
    select 'loyalty_card_id' as identifier_type, loyalty_card_id as identifier_value, min(ordered_at) as first_seen_at, max(ordered_at) as last_seen_at
    from {{ ref('stg_shop__orders') }}
    where loyalty_card_id is not null
    group by loyalty_card_id
    union all
    select 'email' as identifier_type, guest_email as identifier_value, min(ordered_at) as first_seen_at, max(ordered_at) as last_seen_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null
    group by guest_email
    union all
    select 'phone' as identifier_type, guest_phone as identifier_value, min(ordered_at) as first_seen_at, max(ordered_at) as last_seen_at
    from {{ ref('stg_shop__orders') }}
    where guest_phone is not null
    group by guest_phone
    union all
    select 'anonymous_id' as identifier_type, anonymous_id as identifier_value, min(ordered_at) as first_seen_at, max(ordered_at) as last_seen_at
    from {{ ref('stg_shop__orders') }}
    where anonymous_id is not null
    group by anonymous_id
    union all
    select 'anonymous_id' as identifier_type, anonymous_id as identifier_value, min(occurred_at) as first_seen_at, max(occurred_at) as last_seen_at
    from {{ ref('stg_web__events') }}
    where anonymous_id is not null
    group by anonymous_id
    union all
    select 'customer_id' as identifier_type, user_id as identifier_value, min(occurred_at) as first_seen_at, max(occurred_at) as last_seen_at
    from {{ ref('stg_web__events') }}
    where user_id is not null
    group by user_id
    union all
    select 'customer_id' as identifier_type, customer_id as identifier_value, min(ordered_at) as first_seen_at, max(ordered_at) as last_seen_at
    from {{ ref('stg_shop__orders') }}
    where customer_id is not null
    group by customer_id
    union all
    select left_type as identifier_type, left_value as identifier_value, first_seen_at, last_seen_at
    from {{ ref('int_identity__links') }}
    union all
    select right_type as identifier_type, right_value as identifier_value, first_seen_at, last_seen_at
    from {{ ref('int_identity__links') }}

),

identifiers as (

    select
        {{ cast_as('identifier_type', 'text', 20) }} as identifier_type,
        {{ cast_as('identifier_value', 'text', 254) }} as identifier_value,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from seen
    group by identifier_type, identifier_value

)

select
    {{ surrogate_key(['identifiers.identifier_type', 'identifiers.identifier_value']) }} as node_key,
    identifiers.identifier_type,
    identifiers.identifier_value,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    denied.reason as denied_because
from identifiers
left join {{ ref('identity_denied_identifiers') }} as denied
    on denied.identifier_type = identifiers.identifier_type
    and (
        (denied.match_kind = 'exact' and denied.identifier_value = identifiers.identifier_value)
        or (
            denied.match_kind = 'mailbox'
            and left(identifiers.identifier_value, {{ cast_as(text_length('denied.identifier_value'), 'integer') }} + 1)
                = {{ concatenate(['denied.identifier_value', "'@'"]) }}
        )
    )
