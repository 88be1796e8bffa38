-- Grain: one row per identifier and reason for which it is denied, if any; every identifier that any record shows.
-- Identifiers that a build before this one erased are denied: they join nobody, so an erased person does not come back.
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

),

keyed as (

    select
        {{ surrogate_key(['identifier_type', 'identifier_value']) }} as node_key,
        {{ tombstone_hash('identifier_type', 'identifier_value') }} as identifier_hash,
        identifier_type, identifier_value, first_seen_at, last_seen_at
    from identifiers

),

erased as (

    {{ erased_before() }}

)

select
    keyed.node_key,
    keyed.identifier_type,
    keyed.identifier_value,
    keyed.first_seen_at,
    keyed.last_seen_at,
    case when erased.identifier_hash is not null then 'the person was erased' else denied.reason end as denied_because
from keyed
left join erased on erased.identifier_hash = keyed.identifier_hash
left join {{ ref('identity_denied_identifiers') }} as denied
    on denied.identifier_type = keyed.identifier_type
    and (
        (denied.match_kind = 'exact' and denied.identifier_value = keyed.identifier_value)
        or (
            denied.match_kind = 'mailbox'
            and left(keyed.identifier_value, {{ cast_as(text_length('denied.identifier_value'), 'integer') }} + 1)
                = {{ concatenate(['denied.identifier_value', "'@'"]) }}
        )
    )
