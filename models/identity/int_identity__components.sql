-- Grain: one row per node of the identity graph: the person's group, named by its smallest node key, all guard rails kept.
-- The name is not a customer's key: it changes when a smaller node joins. identity_map gives the lasting key.
select
    reachable.node_key,
    coalesce(guarded.component_node_key, reachable.component_node_key) as component_node_key
from {{ ref('int_identity__reachable') }} as reachable
left join {{ ref('int_identity__guarded') }} as guarded on guarded.node_key = reachable.node_key
