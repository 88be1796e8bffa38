-- Grain: one row per shop account.
{{ config(materialized='table') }}

with changes as (

    select
        customer_id,
        first_name,
        last_name,
        email,
        phone,
        birth_date,
        loyalty_card_id,
        created_at,
        updated_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by customer_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'customers') }}

)

select
    ---------- ids
    {{ text('customer_id', 20) }} as customer_id,
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    ---------- text
    {{ text('first_name', 100) }} as first_name,
    {{ text('last_name', 100) }} as last_name,
    {{ email('email') }} as email,
    {{ phone('phone') }} as phone,
    {{ text('email', 254) }} as email_as_typed,
    ---------- dates
    {{ cast_as('birth_date', 'date') }} as birth_date,
    {{ utc_timestamp('created_at') }} as created_at,
    {{ utc_timestamp('updated_at') }} as updated_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
