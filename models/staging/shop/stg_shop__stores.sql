-- Grain: one row per store.
with changes as (

    select
        store_id,
        store_name,
        city,
        region,
        country_code,
        legal_entity_id,
        opened_date,
        updated_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by store_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'stores') }}

)

select
    ---------- ids
    {{ text('store_id', 20) }} as store_id,
    {{ text('legal_entity_id', 10) }} as legal_entity_id,
    ---------- text
    {{ text('store_name', 100) }} as store_name,
    {{ text('city', 100) }} as city,
    {{ text('region', 100) }} as region,
    {{ text('country_code', 2) }} as country_code,
    ---------- dates
    {{ cast_as('opened_date', 'date') }} as opened_date,
    {{ utc_timestamp('updated_at') }} as updated_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
