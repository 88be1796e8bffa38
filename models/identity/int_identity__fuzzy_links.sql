-- Grain: one row per pair of accounts that agree so far that they are taken for one person without being asked.
-- Pairs between the two thresholds wait in identity_review_queue.
{{ config(materialized='view') }}

select
    {{ cast_as("'fuzzy_name_address'", 'text', 40) }} as rule_name,
    {{ cast_as("'customer_id'", 'text', 20) }} as left_type,
    pairs.left_customer_id as left_value,
    {{ cast_as("'customer_id'", 'text', 20) }} as right_type,
    pairs.right_customer_id as right_value,
    case when one.first_seen_at > other.first_seen_at then one.first_seen_at else other.first_seen_at end as first_seen_at,
    case when one.last_seen_at > other.last_seen_at then one.last_seen_at else other.last_seen_at end as last_seen_at,
    {{ cast_as('1', 'integer') }} as record_count
from {{ ref('int_identity__fuzzy_pairs') }} as pairs
inner join {{ ref('int_identity__nodes') }} as one on one.node_key = pairs.left_node_key
inner join {{ ref('int_identity__nodes') }} as other on other.node_key = pairs.right_node_key
where pairs.weight >= {{ var('identity_edge_weight', 180) }}
