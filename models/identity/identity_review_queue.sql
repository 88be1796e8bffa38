-- Grain: one row per pair of accounts that may be one person: too alike to be ignored, not alike enough to be joined.
-- An analyst's decision, a row of the seed identity_decisions, takes the pair out.
with decided as (

    select left_node_key, right_node_key
    from {{ ref('identity_decisions') }}
    {{ union_distinct() }}
    select right_node_key as left_node_key, left_node_key as right_node_key
    from {{ ref('identity_decisions') }}

)

select
    {{ cast_as(surrogate_key(['pairs.left_node_key', 'pairs.right_node_key']), 'text', 32) }} as review_key,
    {{ cast_as('pairs.left_node_key', 'text', 32) }} as left_node_key,
    {{ cast_as('pairs.right_node_key', 'text', 32) }} as right_node_key,
    {{ cast_as('pairs.weight', 'integer') }} as weight
from {{ ref('int_identity__fuzzy_pairs') }} as pairs
inner join {{ ref('int_identity__components') }} as one on one.node_key = pairs.left_node_key
inner join {{ ref('int_identity__components') }} as other on other.node_key = pairs.right_node_key
left join decided
    on decided.left_node_key = pairs.left_node_key and decided.right_node_key = pairs.right_node_key
where
    pairs.weight < {{ var('identity_edge_weight', 180) }}
    and one.component_node_key <> other.component_node_key
    and decided.left_node_key is null
    and not exists (
        select 1 from {{ ref('int_identity__erased_nodes') }} as erased
        where erased.node_key = pairs.left_node_key
    )
    and not exists (
        select 1 from {{ ref('int_identity__erased_nodes') }} as erased
        where erased.node_key = pairs.right_node_key
    )
