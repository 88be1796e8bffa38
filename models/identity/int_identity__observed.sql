-- Grain: one row per identifier and reason for which it is denied, if any; every identifier that any record shows.
-- Identifiers that a build before this one erased are denied: they join nobody, so an erased person does not come back.
with told as (

    {% for name in identifier_types() -%}
    select
        '{{ name }}' as identifier_type, {{ name }} as raw_value, min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from {{ ref('int_identity__records') }}
    where {{ name }} is not null
    group by {{ name }}
    {{ "union all" if not loop.last }}
    {% endfor %}

),

seen as (

    select
        told.identifier_type, {{ normalised_identifier('kinds.normaliser', 'told.raw_value') }} as identifier_value,
        told.first_seen_at, told.last_seen_at
    from told
    inner join {{ ref('identity_types') }} as kinds on kinds.identifier_type = told.identifier_type

),

identifiers as (

    select
        {{ cast_as('identifier_type', 'text', 20) }} as identifier_type,
        {{ cast_as('identifier_value', 'text', 254) }} as identifier_value,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from seen
    where identifier_value is not null
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
