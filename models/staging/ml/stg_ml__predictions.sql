-- Grain: one row per prediction.
with changes as (

    select
        prediction_id,
        customer_key,
        model_name,
        model_version,
        as_of_date,
        occurred_at,
        received_at,
        score,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by prediction_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('ml', 'predictions') }}

)

select
    ---------- ids
    {{ text('prediction_id', 36) }} as prediction_id,
    {{ text('customer_key', 32) }} as customer_key,
    ---------- text
    {{ text('model_name', 40) }} as model_name,
    {{ text('model_version', 40) }} as model_version,
    ---------- numbers
    {{ cast_as('score', 'decimal', 18, 8) }} as score,
    ---------- dates
    {{ cast_as('as_of_date', 'date') }} as as_of_date,
    {{ utc_timestamp('occurred_at') }} as scored_at,
    {{ utc_timestamp('received_at') }} as received_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
