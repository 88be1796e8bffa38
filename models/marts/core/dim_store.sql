-- Grain: one row per store.
{{ config(materialized='table', **layout(distribute_by='all')) }}

with final as (

    select
        {{ surrogate_key(['stores.store_id']) }} as store_key,
        stores.store_id, stores.store_name, stores.city, stores.region, stores.country_code, stores.legal_entity_id,
        entities.legal_entity_name, entities.functional_currency_code, stores.opened_date
    from {{ ref('stg_shop__stores') }} as stores
    left join {{ ref('stg_finance__legal_entities') }} as entities on entities.legal_entity_id = stores.legal_entity_id

)

select
    ---------- ids
    {{ cast_as('store_key', 'text', 32) }} as store_key,
    {{ cast_as('store_id', 'text', 20) }} as store_id,
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    ---------- text
    {{ cast_as('store_name', 'text', 100) }} as store_name,
    {{ cast_as('city', 'text', 100) }} as city,
    {{ cast_as('region', 'text', 100) }} as region,
    {{ cast_as('country_code', 'text', 2) }} as country_code,
    {{ cast_as('legal_entity_name', 'text', 100) }} as legal_entity_name,
    {{ cast_as('functional_currency_code', 'text', 3) }} as functional_currency_code,
    ---------- dates
    {{ cast_as('opened_date', 'date') }} as opened_date
from final
