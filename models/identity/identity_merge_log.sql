-- Grain: one row per merge or split: identifiers that moved from one customer to another at one time.
with versions as (

    select
        node_key, customer_key, valid_from,
        lag(customer_key) over (partition by node_key order by valid_from) as old_customer_key
    from {{ ref('identity_map') }}

),

moves as (

    select old_customer_key, customer_key as new_customer_key, valid_from as occurred_at, {{ row_count() }} as node_count
    from versions
    where old_customer_key is not null and old_customer_key <> customer_key
    group by old_customer_key, customer_key, valid_from

),

alive as (

    select distinct customer_key from {{ ref('identity_map') }} where is_current = 1

)

select
    {{ surrogate_key(['moves.old_customer_key', 'moves.new_customer_key', key_text('moves.occurred_at', 'timestamp')]) }} as merge_key,
    -- a key that still lives elsewhere lost a part of itself; one that lives nowhere was taken over
    {{ cast_as("case when alive.customer_key is null then 'merge' else 'split' end", 'text', 10) }} as event_type,
    moves.old_customer_key,
    moves.new_customer_key,
    moves.node_count,
    moves.occurred_at
from moves
left join alive on alive.customer_key = moves.old_customer_key
