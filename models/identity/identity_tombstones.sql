-- Grain: one row per erased identifier: a salted hash and nothing else, enough to recognise it, too little to know it.
-- State, like identity_map: written once, never rebuilt. A request erases the person as the graph knows them when the
-- request is first met, and the identifier that it names even when nobody has seen it; from the next build on these
-- identifiers are denied (int_identity__observed), so that what arrives later of them joins nobody.
{{ config(
    materialized='incremental',
    unique_key='identifier_hash',
    incremental_strategy=incremental_strategy(),
    full_refresh=false,
    on_schema_change='fail',
    **layout(distribute_by='identifier_hash')
) }}

with requests as (

    select
        requests.request_id, requests.requested_at, requests.identifier_type,
        {{ normalised_identifier('kinds.normaliser', 'requests.identifier_value') }} as identifier_value
    from {{ ref('stg_privacy__erasure_requests') }} as requests
    inner join {{ ref('identity_types') }} as kinds on kinds.identifier_type = requests.identifier_type

),

named as (

    select components.component_node_key, requests.request_id, requests.requested_at
    from requests
    inner join {{ ref('int_identity__nodes') }} as nodes
        on nodes.identifier_type = requests.identifier_type and nodes.identifier_value = requests.identifier_value
    inner join {{ ref('int_identity__components') }} as components on components.node_key = nodes.node_key

),

erased as (

    select nodes.identifier_type, nodes.identifier_value, named.request_id, named.requested_at
    from named
    inner join {{ ref('int_identity__components') }} as components
        on components.component_node_key = named.component_node_key
    inner join {{ ref('int_identity__nodes') }} as nodes on nodes.node_key = components.node_key
    union all
    select identifier_type, identifier_value, request_id, requested_at
    from requests
    where identifier_value is not null

),

hashed as (

    select
        {{ tombstone_hash('identifier_type', 'identifier_value') }} as identifier_hash,
        min(request_id) as request_id,
        min(requested_at) as erased_at
    from erased
    group by {{ tombstone_hash('identifier_type', 'identifier_value') }}

)

select
    {{ cast_as('hashed.identifier_hash', 'text', 32) }} as identifier_hash,
    {{ cast_as('hashed.request_id', 'text', 40) }} as request_id,
    {{ cast_as('hashed.erased_at', 'timestamp') }} as erased_at
from hashed
{% if is_incremental() -%}
where not exists (select 1 from {{ this }} as known where known.identifier_hash = hashed.identifier_hash)
{%- endif %}
