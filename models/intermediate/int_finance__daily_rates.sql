-- Grain: one row per day and currency.
-- The latest rate on or before the day is carried forward over weekends and holidays; rate_date shows how old it is.
with days as (

    select date_day
    from {{ ref('dim_date') }}

),

rates as (

    select rate_date, from_currency_code, rate
    from {{ ref('stg_finance__fx_rates') }}
    where to_currency_code = {{ text_literal(var('reporting_currency')) }}

),

currencies as (

    select from_currency_code, min(rate_date) as first_date
    from rates
    group by from_currency_code

),

grid as (

    select
        days.date_day, currencies.from_currency_code as currency_code, rates.rate, rates.rate_date,
        {{ last_known_group('rates.rate_date', 'currencies.from_currency_code', 'days.date_day') }} as stretch
    from days
    inner join currencies on currencies.first_date <= days.date_day
    left join rates on rates.rate_date = days.date_day and rates.from_currency_code = currencies.from_currency_code

),

final as (

    select
        date_day, currency_code,
        {{ last_known('rate', 'currency_code', 'stretch') }} as rate,
        {{ last_known('rate_date', 'currency_code', 'stretch') }} as rate_date
    from grid

)

select
    ---------- text
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('rate', 'decimal', 18, 8) }} as rate,
    ---------- dates
    {{ cast_as('date_day', 'date') }} as date_day,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
