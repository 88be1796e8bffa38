-- Grain: one row per erasure request.
with changes as (

    select
        request_id,
        identifier_type,
        identifier_value,
        requested_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by request_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('privacy', 'erasure_requests') }}

)

select
    ---------- ids
    {{ text('request_id', 24) }} as request_id,
    ---------- text
    {{ text('identifier_type', 20) }} as identifier_type,
    {{ text('identifier_value', 254) }} as identifier_value,
    ---------- dates
    {{ utc_timestamp('requested_at') }} as requested_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
