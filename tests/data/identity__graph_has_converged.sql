select edges.left_node_key, edges.right_node_key
from {{ ref('int_identity__edges') }} as edges
inner join {{ ref('int_identity__components') }} as left_end on left_end.node_key = edges.left_node_key
inner join {{ ref('int_identity__components') }} as right_end on right_end.node_key = edges.right_node_key
where left_end.component_node_key <> right_end.component_node_key
