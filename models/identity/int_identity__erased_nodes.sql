-- Grain: one row per identifier of an erased person that records still show, found again by its tombstone.
with hashed as (

    select distinct
        node_key, identifier_type, identifier_value,
        {{ tombstone_hash('identifier_type', 'identifier_value') }} as identifier_hash
    from {{ ref('int_identity__observed') }}

)

select
    hashed.node_key, hashed.identifier_type, hashed.identifier_value, tombstones.request_id,
    tombstones.erased_at as requested_at
from hashed
inner join {{ ref('identity_tombstones') }} as tombstones on tombstones.identifier_hash = hashed.identifier_hash
