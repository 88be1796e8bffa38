-- Grain: one row per node of the identity graph: the component it belongs to, named by its smallest node key.
-- The name is not a customer's key: it changes when a smaller node joins. identity_map gives the lasting key.
{{ config(materialized='connected_components') }}

select left_node_key, right_node_key
from {{ ref('int_identity__edges') }}
union all
-- an edge to itself brings a node without neighbours; a tag's mailbox may never have been seen alone, so it has no node
select node_key as left_node_key, node_key as right_node_key
from {{ ref('int_identity__nodes') }}
