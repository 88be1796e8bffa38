-- Grain: one row per refused pair of identifiers and rule, with its reason.
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
    record_count,
    refused_because
from {{ ref('int_identity__edge_candidates') }}
where refused_because is not null
