-- Grain: one row per node of a suspect component: the group it is left in, named by its smallest node key.
-- Edges join from the strongest rank of rules to the weakest. Where the edges of one rank would make a group that is too
-- large or contradicts itself, none of that rank's edges joins there: the people that stronger evidence made stay apart.
-- depends_on: {{ ref('int_identity__traits') }}
{{ config(materialized='guarded_components') }}

select edges.left_node_key, edges.right_node_key, edges.priority
from {{ ref('int_identity__edges_proposed') }} as edges
inner join {{ ref('int_identity__reachable') }} as reachable on reachable.node_key = edges.left_node_key
inner join {{ ref('int_identity__suspects') }} as suspects
    on suspects.component_node_key = reachable.component_node_key
