-- Grain: one row per country, tax category and first day.
with changes as (

    select
        country_code,
        tax_category,
        valid_from,
        rate,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by country_code, tax_category, valid_from
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('finance', 'tax_rates') }}

)

select
    ---------- text
    {{ text('country_code', 2) }} as country_code,
    {{ text('tax_category', 10) }} as tax_category,
    ---------- numbers
    {{ cast_as('rate', 'decimal', 18, 8) }} as rate,
    ---------- dates
    {{ cast_as('valid_from', 'date') }} as valid_from,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
