-- Grain: one row per accepted pair of identifiers and rule: the edges of the identity graph.
{{ config(materialized='view') }}

select
    left_node_key,
    right_node_key,
    rule_name,
    priority,
    left_type,
    right_type,
    first_seen_at,
    last_seen_at,
    record_count
from {{ ref('int_identity__edge_candidates') }}
where refused_because is null
