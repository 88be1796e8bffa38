-- Grain: one row per group of identifiers that evidence ties together and that cannot be one person.
with grouped as (

    -- named by an identifier of somebody who was not erased
    select
        reachable.component_node_key,
        min(case when erased.node_key is null then reachable.node_key end) as group_key,
        {{ count_distinct('components.component_node_key') }} as person_count
    from {{ ref('int_identity__reachable') }} as reachable
    inner join {{ ref('int_identity__suspects') }} as suspects
        on suspects.component_node_key = reachable.component_node_key
    inner join {{ ref('int_identity__components') }} as components on components.node_key = reachable.node_key
    left join {{ ref('int_identity__erased_nodes') }} as erased on erased.node_key = reachable.node_key
    group by reachable.component_node_key

),

refused as (

    select reachable.component_node_key, {{ row_count() }} as edge_count, min(rejected.priority) as strongest_priority
    from {{ ref('int_identity__edges_rejected') }} as rejected
    inner join {{ ref('int_identity__edges_proposed') }} as edges
        on edges.left_node_key = rejected.left_node_key and edges.right_node_key = rejected.right_node_key
        and edges.rule_name = rejected.rule_name
    inner join {{ ref('int_identity__reachable') }} as reachable on reachable.node_key = rejected.left_node_key
    group by reachable.component_node_key

)

select
    {{ cast_as('grouped.group_key', 'text', 32) }} as group_key,
    {{ cast_as('suspects.reason', 'text', 40) }} as reason,
    {{ cast_as('suspects.node_count', 'integer') }} as identifier_count,
    {{ cast_as('grouped.person_count', 'integer') }} as person_count,
    {{ cast_as('coalesce(refused.edge_count, 0)', 'integer') }} as refused_edge_count,
    {{ cast_as('refused.strongest_priority', 'integer') }} as strongest_refused_priority
from {{ ref('int_identity__suspects') }} as suspects
inner join grouped on grouped.component_node_key = suspects.component_node_key
left join refused on refused.component_node_key = suspects.component_node_key
where grouped.group_key is not null
