-- Grain: one row per campaign and loyalty card.
with changes as (

    select
        campaign_id,
        loyalty_card_id,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by campaign_id, loyalty_card_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'campaign_targets') }}

)

select
    ---------- ids
    {{ text('campaign_id', 10) }} as campaign_id,
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
