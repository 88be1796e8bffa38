-- Grain: one row per address.
with changes as (

    select
        address_id,
        customer_id,
        address_type,
        line_1,
        postal_code,
        city,
        region,
        country_code,
        updated_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by address_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'addresses') }}

)

select
    ---------- ids
    {{ text('address_id', 24) }} as address_id,
    {{ text('customer_id', 20) }} as customer_id,
    ---------- text
    {{ text('address_type', 10) }} as address_type,
    {{ text('line_1', 200) }} as line_1,
    {{ text('postal_code', 20) }} as postal_code,
    {{ text('city', 100) }} as city,
    {{ text('region', 100) }} as region,
    {{ text('country_code', 2) }} as country_code,
    ---------- dates
    {{ utc_timestamp('updated_at') }} as updated_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
