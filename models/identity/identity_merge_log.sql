-- Grain: one row per merge or split: identifiers that moved from one customer to another at one time.
with versions as (

    select
        node_key, customer_key, valid_from, valid_to,
        lag(customer_key) over (partition by node_key order by valid_from) as old_customer_key
    from {{ ref('identity_map') }}

),

moves as (

    select
        old_customer_key, customer_key as new_customer_key, valid_from as occurred_at, {{ row_count() }} as node_count
    from versions
    where old_customer_key <> customer_key
    group by old_customer_key, customer_key, valid_from

),

lasting as (

    -- keys that lived on at that time: they lost a part of themselves; the others were taken over
    select distinct moves.old_customer_key, moves.occurred_at
    from moves
    inner join versions on versions.customer_key = moves.old_customer_key
    where
        versions.valid_from <= moves.occurred_at
        and (versions.valid_to is null or versions.valid_to > moves.occurred_at)

)

select
    {{ surrogate_key(['moves.old_customer_key', 'moves.new_customer_key', key_text('moves.occurred_at', 'timestamp')]) }} as merge_key,
    {{ cast_as("case when lasting.old_customer_key is null then 'merge' else 'split' end", 'text', 10) }} as event_type,
    {{ cast_as('moves.old_customer_key', 'text', 32) }} as old_customer_key,
    {{ cast_as('moves.new_customer_key', 'text', 32) }} as new_customer_key,
    {{ cast_as('moves.node_count', 'integer') }} as node_count,
    {{ cast_as('moves.occurred_at', 'timestamp') }} as occurred_at
from moves
left join lasting
    on lasting.old_customer_key = moves.old_customer_key and lasting.occurred_at = moves.occurred_at
