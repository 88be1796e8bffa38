-- Grain: one row per day and campaign tag.
with changes as (

    select
        spend_date,
        utm_source,
        utm_medium,
        utm_campaign,
        amount,
        currency_code,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by spend_date, utm_source, utm_medium, utm_campaign
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'spend') }}

)

select
    ---------- text
    {{ text('utm_source', 60) }} as utm_source,
    {{ text('utm_medium', 60) }} as utm_medium,
    {{ text('utm_campaign', 60) }} as utm_campaign,
    {{ text('currency_code', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    ---------- dates
    {{ cast_as('spend_date', 'date') }} as spend_date,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
