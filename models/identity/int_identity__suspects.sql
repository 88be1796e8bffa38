-- Grain: one row per reachable component that cannot be one person: it is too large, or accounts in it contradict.
-- Values on both of two attributes vary in a group exactly when two of its accounts differ on both.
with sizes as (

    select component_node_key, {{ row_count() }} as node_count
    from {{ ref('int_identity__reachable') }}
    group by component_node_key

),

contradictory as (

    select reachable.component_node_key, traits.contradiction_name
    from {{ ref('int_identity__traits') }} as traits
    inner join {{ ref('int_identity__reachable') }} as reachable on reachable.node_key = traits.node_key
    group by reachable.component_node_key, traits.contradiction_name
    having min(traits.first_value) <> max(traits.first_value) and min(traits.second_value) <> max(traits.second_value)

),

found as (

    select component_node_key, contradiction_name as reason
    from contradictory
    union all
    select component_node_key, 'too_large' as reason
    from sizes
    where node_count > {{ var('identity_most_identifiers', 100) }}

)

select
    found.component_node_key,
    {{ cast_as('min(found.reason)', 'text', 40) }} as reason,
    {{ cast_as('max(sizes.node_count)', 'integer') }} as node_count
from found
inner join sizes on sizes.component_node_key = found.component_node_key
group by found.component_node_key
