select nodes.node_key, {{ row_count() }} as live_keys
from {{ ref('int_identity__nodes') }} as nodes
left join {{ ref('identity_map') }} as map on map.node_key = nodes.node_key and map.is_current = 1
where not exists (select 1 from {{ ref('int_identity__erased_nodes') }} as erased where erased.node_key = nodes.node_key)
group by nodes.node_key
having count(map.node_key) <> 1
