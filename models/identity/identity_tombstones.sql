-- Grain: one row per erased identifier: a salted hash and nothing else, enough to recognise it, too little to know it.
select
    {{ md5_hex(concatenate([text_literal(env_var('CUSTOMER_360_IDENTITY_SALT', 'sandbox-salt')), 'nodes.identifier_type', "':'", 'nodes.identifier_value'])) }} as identifier_hash,
    erased.request_id,
    erased.requested_at as erased_at
from {{ ref('int_identity__erased_nodes') }} as erased
inner join {{ ref('int_identity__nodes') }} as nodes on nodes.node_key = erased.node_key
