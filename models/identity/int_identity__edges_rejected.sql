-- Grain: one row per refused pair of identifiers and rule, with its reason.
{{ config(materialized='view') }}

select
    left_node_key, right_node_key, rule_name, priority, left_type, right_type, first_seen_at, last_seen_at,
    record_count, refused_because
from {{ ref('int_identity__edge_candidates') }}
where refused_because is not null
union all
-- evidence that would have made a group which cannot be one person
select
    edges.left_node_key, edges.right_node_key, edges.rule_name, edges.priority, edges.left_type, edges.right_type,
    edges.first_seen_at, edges.last_seen_at, edges.record_count,
    {{ cast_as(concatenate(["'it would join what cannot be one person: '", 'suspects.reason']), 'text', 200) }} as refused_because
from {{ ref('int_identity__edges_proposed') }} as edges
inner join {{ ref('int_identity__components') }} as left_end on left_end.node_key = edges.left_node_key
inner join {{ ref('int_identity__components') }} as right_end on right_end.node_key = edges.right_node_key
inner join {{ ref('int_identity__reachable') }} as reachable on reachable.node_key = edges.left_node_key
inner join {{ ref('int_identity__suspects') }} as suspects
    on suspects.component_node_key = reachable.component_node_key
where left_end.component_node_key <> right_end.component_node_key
