-- Grain: one row per consent decision.
{{ config(materialized='table') }}

with changes as (

    select
        consent_id,
        identifier_type,
        identifier_value,
        purpose,
        status,
        recorded_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by consent_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('privacy', 'consents') }}

)

select
    ---------- ids
    {{ text('consent_id', 24) }} as consent_id,
    ---------- text
    {{ text('identifier_type', 20) }} as identifier_type,
    {{ text('identifier_value', 254) }} as identifier_value,
    {{ text('purpose', 20) }} as purpose,
    {{ text('status', 10) }} as status,
    ---------- dates
    {{ utc_timestamp('recorded_at') }} as recorded_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
