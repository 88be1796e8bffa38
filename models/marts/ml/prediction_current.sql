-- Grain: one row per customer and model: the newest score.
-- Customers that merged since are found through the merge log's map of keys: a score follows the customer's identifiers.
with moved as (

    -- where the identifiers of a key are today; most of them decide, ties by key
    select
        old_key, customer_key,
        row_number() over (partition by old_key order by node_count desc, customer_key asc) as place
    from (
        select past.customer_key as old_key, today.customer_key, {{ row_count() }} as node_count
        from {{ ref('identity_map') }} as past
        inner join {{ ref('identity_map') }} as today on today.node_key = past.node_key and today.is_current = 1
        group by past.customer_key, today.customer_key
    ) as moves

),

ranked as (

    select
        moved.customer_key, predictions.model_name, predictions.model_version, predictions.as_of_date,
        predictions.scored_at, predictions.score,
        row_number() over (
            partition by moved.customer_key, predictions.model_name
            order by predictions.scored_at desc, predictions.prediction_id asc
        ) as recency
    from {{ ref('stg_ml__predictions') }} as predictions
    inner join moved on moved.old_key = predictions.customer_key and moved.place = 1

),

final as (

    select customer_key, model_name, model_version, as_of_date, scored_at, score
    from ranked
    where recency = 1

)

select
    ---------- ids
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('model_name', 'text', 40) }} as model_name,
    {{ cast_as('model_version', 'text', 40) }} as model_version,
    ---------- numbers
    {{ cast_as('score', 'decimal', 18, 8) }} as score,
    ---------- dates
    {{ cast_as('as_of_date', 'date') }} as as_of_date,
    {{ cast_as('scored_at', 'timestamp') }} as scored_at
from final
