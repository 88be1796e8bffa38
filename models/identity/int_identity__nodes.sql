-- Grain: one row per identifier that may stand for a person: observed, and not denied.
select
    node_key,
    identifier_type,
    identifier_value,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
from {{ ref('int_identity__observed') }}
where denied_because is null
group by node_key, identifier_type, identifier_value
