-- Grain: one row per day from 2015-01-01 to 2030-12-31.
-- Digits are joined instead of a series generated: no warehouse's own generator is needed.
{{ config(materialized='table', **layout(distribute_by='all')) }}

with digits as (
{{ inline_rows([['0'], ['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['7'], ['8'], ['9']], ['digit']) }}
),

numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands

),

days as (

    select {{ add_to_date('day', 'day_number', date_literal('2015-01-01')) }} as date_day
    from numbers
    where day_number <= 5843

),

final as (

    select
        date_day,
        {{ date_number('date_day') }} as date_number,
        {{ year_of('date_day') }} as year_number,
        {{ quarter_of('date_day') }} as quarter_number,
        {{ month_of('date_day') }} as month_number,
        {{ iso_day_of_week('date_day') }} as day_of_week,
        {{ truncate_date('month', 'date_day') }} as month_start,
        {{ week_start('date_day') }} as week_start,
        {{ last_day_of_month('date_day') }} as month_end,
        {{ flag(iso_day_of_week('date_day') ~ ' >= 6') }} as is_weekend
    from days

)

select
    ---------- numbers
    {{ cast_as('date_number', 'integer') }} as date_number,
    {{ cast_as('year_number', 'integer') }} as year_number,
    {{ cast_as('quarter_number', 'integer') }} as quarter_number,
    {{ cast_as('month_number', 'integer') }} as month_number,
    {{ cast_as('day_of_week', 'integer') }} as day_of_week,
    ---------- flags
    {{ cast_as('is_weekend', 'flag') }} as is_weekend,
    ---------- dates
    {{ cast_as('date_day', 'date') }} as date_day,
    {{ cast_as('month_start', 'date') }} as month_start,
    {{ cast_as('week_start', 'date') }} as week_start,
    {{ cast_as('month_end', 'date') }} as month_end
from final
