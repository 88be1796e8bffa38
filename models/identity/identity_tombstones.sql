-- Grain: one row per erased identifier: a salted hash and nothing else, enough to recognise it, too little to know it.
select
    {{ cast_as(md5_hex(concatenate([identity_salt(), 'identifier_type', "':'", 'identifier_value'])), 'text', 32) }} as identifier_hash,
    {{ cast_as('request_id', 'text', 40) }} as request_id,
    {{ cast_as('requested_at', 'timestamp') }} as erased_at
from {{ ref('int_identity__erased_nodes') }}
