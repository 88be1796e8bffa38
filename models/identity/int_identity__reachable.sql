-- Grain: one row per node of the identity graph: the component that proposed edges make of it, before the last guard rails.
-- The component is named by its smallest node key.
{{ config(materialized='connected_components') }}

select left_node_key, right_node_key
from {{ ref('int_identity__edges_proposed') }}
union all
-- an edge to itself brings a node without neighbours; a tag's mailbox may never have been seen alone, so it has no node
select node_key as left_node_key, node_key as right_node_key
from {{ ref('int_identity__nodes') }}
