-- Grain: one row per accepted pair of identifiers and rule: the edges that make persons.
{{ config(materialized='view') }}

select
    edges.left_node_key, edges.right_node_key, edges.rule_name, edges.priority, edges.left_type, edges.right_type,
    edges.first_seen_at, edges.last_seen_at, edges.record_count
from {{ ref('int_identity__edges_proposed') }} as edges
inner join {{ ref('int_identity__components') }} as left_end on left_end.node_key = edges.left_node_key
inner join {{ ref('int_identity__components') }} as right_end
    on right_end.node_key = edges.right_node_key and right_end.component_node_key = left_end.component_node_key
