-- Grain: one row per day and currency pair.
with changes as (

    select
        rate_date,
        from_currency_code,
        to_currency_code,
        rate,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by rate_date, from_currency_code, to_currency_code
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('finance', 'fx_rates') }}

)

select
    ---------- text
    {{ text('from_currency_code', 3) }} as from_currency_code,
    {{ text('to_currency_code', 3) }} as to_currency_code,
    ---------- numbers
    {{ cast_as('rate', 'decimal', 18, 8) }} as rate,
    ---------- dates
    {{ cast_as('rate_date', 'date') }} as rate_date,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
