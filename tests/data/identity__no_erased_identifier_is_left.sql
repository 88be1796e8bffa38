select erased.node_key
from {{ ref('int_identity__erased_nodes') }} as erased
inner join {{ ref('int_identity__nodes') }} as nodes on nodes.node_key = erased.node_key
where exists (select 1 from {{ ref('identity_map') }} as map where map.node_key = erased.node_key)
    or exists (select 1 from {{ ref('dim_customer') }} as customers where nodes.identifier_type = 'email' and customers.email = nodes.identifier_value)
    or exists (select 1 from {{ ref('dim_customer') }} as customers where nodes.identifier_type = 'loyalty_card_id' and customers.loyalty_card_id = nodes.identifier_value)
    or exists (select 1 from {{ ref('dim_customer_history') }} as history where nodes.identifier_type = 'email' and history.email = nodes.identifier_value)
