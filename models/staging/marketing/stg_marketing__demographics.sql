-- Grain: one row per loyalty card with a survey.
with changes as (

    select
        loyalty_card_id,
        age_band,
        income_band,
        home_ownership,
        marital_status,
        household_size,
        household_composition,
        kids_count,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by loyalty_card_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'demographics') }}

)

select
    ---------- ids
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    ---------- text
    {{ text('age_band', 20) }} as age_band,
    {{ text('income_band', 20) }} as income_band,
    {{ text('home_ownership', 30) }} as home_ownership,
    {{ text('marital_status', 20) }} as marital_status,
    {{ text('household_size', 10) }} as household_size,
    {{ text('household_composition', 40) }} as household_composition,
    {{ text('kids_count', 10) }} as kids_count,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
