-- Grain: one row per identifier that any record shows, denied ones included.
{% set places = [
    ('customer_id', 'stg_shop__customers', 'customer_id', 'created_at'),
    ('loyalty_card_id', 'stg_shop__orders', 'loyalty_card_id', 'ordered_at'),
    ('email', 'stg_shop__orders', 'guest_email', 'ordered_at'),
    ('phone', 'stg_shop__orders', 'guest_phone', 'ordered_at'),
    ('anonymous_id', 'stg_shop__orders', 'anonymous_id', 'ordered_at'),
    ('customer_id', 'stg_shop__orders', 'customer_id', 'ordered_at'),
    ('anonymous_id', 'stg_web__events', 'anonymous_id', 'occurred_at'),
    ('customer_id', 'stg_web__events', 'user_id', 'occurred_at'),
] %}

with seen as (

    {% for identifier_type, model_name, column, seen_at in places -%}
    select
        '{{ identifier_type }}' as identifier_type, {{ column }} as identifier_value,
        min({{ seen_at }}) as first_seen_at, max({{ seen_at }}) as last_seen_at
    from {{ ref(model_name) }}
    where {{ column }} is not null
    group by {{ column }}
    union all
    {% endfor -%}
    {% for side in ['left', 'right'] -%}
    select {{ side }}_type as identifier_type, {{ side }}_value as identifier_value, first_seen_at, last_seen_at
    from {{ ref('int_identity__links') }}
    {{ "union all" if not loop.last }}
    {% endfor %}

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
