-- Grain: one row per campaign.
with changes as (

    select
        campaign_id,
        campaign_type,
        utm_campaign,
        start_date,
        end_date,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by campaign_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'campaigns') }}

)

select
    ---------- ids
    {{ text('campaign_id', 10) }} as campaign_id,
    ---------- text
    {{ text('campaign_type', 20) }} as campaign_type,
    {{ text('utm_campaign', 60) }} as utm_campaign,
    ---------- dates
    {{ cast_as('start_date', 'date') }} as start_date,
    {{ cast_as('end_date', 'date') }} as end_date,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
