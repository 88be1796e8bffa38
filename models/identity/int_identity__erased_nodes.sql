-- Grain: one row per identifier of a person who asked to be erased: every node of a component that a request names.
with requests as (

    select
        request_id, requested_at, identifier_type,
        case when identifier_type = 'email' then {{ email('identifier_value') }} else identifier_value end as identifier_value
    from {{ ref('stg_privacy__erasure_requests') }}

),

named as (

    select
        components.component_node_key, min(requests.request_id) as request_id,
        min(requests.requested_at) as requested_at
    from requests
    inner join {{ ref('int_identity__nodes') }} as nodes
        on nodes.identifier_type = requests.identifier_type and nodes.identifier_value = requests.identifier_value
    inner join {{ ref('int_identity__components') }} as components on components.node_key = nodes.node_key
    group by components.component_node_key

)

select
    components.node_key, nodes.identifier_type, nodes.identifier_value, named.request_id, named.requested_at
from {{ ref('int_identity__components') }} as components
inner join named on named.component_node_key = components.component_node_key
inner join {{ ref('int_identity__nodes') }} as nodes on nodes.node_key = components.node_key
