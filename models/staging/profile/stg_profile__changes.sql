-- Grain: one row per change of one profile attribute.
{{ config(materialized='table') }}

with changes as (

    select
        change_id,
        customer_id,
        attribute_name,
        attribute_value,
        occurred_at,
        received_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by change_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('profile', 'changes') }}

)

select
    ---------- ids
    {{ text('change_id', 36) }} as change_id,
    {{ text('customer_id', 20) }} as customer_id,
    ---------- text
    {{ text('attribute_name', 30) }} as attribute_name,
    {{ text('attribute_value', 254) }} as attribute_value,
    ---------- dates
    {{ utc_timestamp('occurred_at') }} as occurred_at,
    {{ utc_timestamp('received_at') }} as received_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
