-- Grain: one row per identifier and stretch of time in which it meant one customer (SCD2).
--
-- The key of a customer outlives everything: it is minted once, from the component's oldest identifier, and kept here.
-- When components merge, the oldest key survives; when one splits, the key stays with its oldest identifier and the
-- rest gets a new key. So the map is state: it is never rebuilt by --full-refresh. Persons who were erased leave the
-- map with their whole history.
{{ config(
    materialized='incremental',
    unique_key='map_key',
    incremental_strategy=incremental_strategy(),
    full_refresh=false,
    on_schema_change='fail',
    post_hook="delete from {{ this }} where node_key in (select node_key from {{ ref('int_identity__erased_nodes') }})",
    **layout(distribute_by='node_key')
) }}

with members as (

    select
        nodes.node_key, nodes.identifier_type, nodes.identifier_value, nodes.first_seen_at,
        components.component_node_key,
        row_number() over (
            partition by components.component_node_key order by nodes.first_seen_at, nodes.node_key
        ) as age_rank
    from {{ ref('int_identity__nodes') }} as nodes
    inner join {{ ref('int_identity__components') }} as components on components.node_key = nodes.node_key
    where not exists (
        select 1 from {{ ref('int_identity__erased_nodes') }} as erased where erased.node_key = nodes.node_key
    )

),

live as (

    {% if is_incremental() -%}
    select map_key, node_key, customer_key, key_minted_at, valid_from
    from {{ this }}
    where is_current = 1
    {%- else -%}
    select
        node_key as map_key, node_key, node_key as customer_key, first_seen_at as key_minted_at,
        first_seen_at as valid_from
    from members
    where 1 = 0
    {%- endif %}

),

holders as (

    -- where each known key lives now, oldest identifier first: that one keeps the key when a component has split
    select
        live.customer_key, live.key_minted_at, members.component_node_key,
        row_number() over (
            partition by live.customer_key order by members.first_seen_at, members.node_key
        ) as claim
    from live
    inner join members on members.node_key = live.node_key

),

survivors as (

    select
        component_node_key, customer_key, key_minted_at,
        row_number() over (partition by component_node_key order by key_minted_at, customer_key) as survival
    from holders
    where claim = 1

),

minted as (

    -- a part that was split off is a new customer from now on; its key must not look older than those published before
    select
        oldest.component_node_key,
        case when known.component_node_key is null then oldest.first_seen_at else clock.as_of_at end as key_minted_at,
        {{ surrogate_key(['oldest.node_key']) }} as first_key,
        {{ surrogate_key(['oldest.node_key', key_text('clock.as_of_at', 'timestamp')]) }} as later_key
    from members as oldest
    cross join {{ ref('int_data_clock') }} as clock
    left join (
        select distinct members.component_node_key
        from members
        inner join live on live.node_key = members.node_key
    ) as known on known.component_node_key = oldest.component_node_key
    where oldest.age_rank = 1

),

assigned as (

    select
        members.node_key, members.identifier_type, members.identifier_value, members.first_seen_at,
        coalesce(
            survivors.customer_key,
            -- a key that another component kept is not minted twice
            case when taken.customer_key is null then minted.first_key else minted.later_key end
        ) as customer_key,
        coalesce(survivors.key_minted_at, minted.key_minted_at) as key_minted_at
    from members
    inner join minted on minted.component_node_key = members.component_node_key
    left join survivors on survivors.component_node_key = members.component_node_key and survivors.survival = 1
    left join (select distinct customer_key from live) as taken on taken.customer_key = minted.first_key

),

compared as (

    select
        assigned.node_key, assigned.identifier_type, assigned.identifier_value, assigned.first_seen_at,
        assigned.customer_key, assigned.key_minted_at, live.map_key as live_map_key,
        live.customer_key as live_customer_key, live.key_minted_at as live_minted_at,
        live.valid_from as live_valid_from, clock.as_of_at
    from assigned
    cross join {{ ref('int_data_clock') }} as clock
    left join live on live.node_key = assigned.node_key
    where live.node_key is null or live.customer_key <> assigned.customer_key

),

changed as (

    -- the customer an identifier means from now on, or from its first sight; when the data's clock has not moved on,
    -- the new row takes the old one's start, thus its map_key, and replaces it
    select
        node_key, identifier_type, identifier_value, customer_key, key_minted_at,
        case
            when live_map_key is null then first_seen_at
            when as_of_at > live_valid_from then as_of_at
            else live_valid_from
        end as valid_from,
        cast(null as {{ data_type('timestamp') }}) as valid_to,
        1 as is_current
    from compared
    union all
    -- the end of what it meant before
    select
        node_key, identifier_type, identifier_value, live_customer_key as customer_key,
        live_minted_at as key_minted_at, live_valid_from as valid_from, as_of_at as valid_to, 0 as is_current
    from compared
    where live_map_key is not null and as_of_at > live_valid_from

)

select
    {{ surrogate_key(['node_key', key_text('valid_from', 'timestamp')]) }} as map_key,
    {{ cast_as('node_key', 'text', 32) }} as node_key,
    {{ cast_as('identifier_type', 'text', 20) }} as identifier_type,
    {{ cast_as('identifier_value', 'text', 254) }} as identifier_value,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('key_minted_at', 'timestamp') }} as key_minted_at,
    {{ cast_as('valid_from', 'timestamp') }} as valid_from,
    {{ cast_as('valid_to', 'timestamp') }} as valid_to,
    {{ cast_as('is_current', 'flag') }} as is_current
from changed
