-- Grain: one row per pair of identifiers and rule that no rule, cap, list or analyst refused: edges of the reachable graph.
{{ config(materialized='view') }}

select
    left_node_key, right_node_key, rule_name, priority, left_type, right_type, first_seen_at, last_seen_at,
    record_count
from {{ ref('int_identity__edge_candidates') }}
where refused_because is null
