-- Grain: one row per legal entity.
with changes as (

    select
        legal_entity_id,
        legal_entity_name,
        country_code,
        functional_currency_code,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by legal_entity_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('finance', 'legal_entities') }}

)

select
    ---------- ids
    {{ text('legal_entity_id', 10) }} as legal_entity_id,
    ---------- text
    {{ text('legal_entity_name', 100) }} as legal_entity_name,
    {{ text('country_code', 2) }} as country_code,
    {{ text('functional_currency_code', 3) }} as functional_currency_code,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
