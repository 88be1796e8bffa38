select nodes.node_key, {{ row_count() }} as live_keys
from {{ ref('int_identity__nodes') }} as nodes
left join {{ ref('identity_map') }} as identities on identities.node_key = nodes.node_key and identities.is_current = 1
where not exists (select 1 from {{ ref('int_identity__erased_nodes') }} as erased where erased.node_key = nodes.node_key)
group by nodes.node_key
having count(identities.node_key) <> 1
