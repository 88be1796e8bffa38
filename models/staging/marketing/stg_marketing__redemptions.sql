-- Grain: one row per coupon redeemed.
with changes as (

    select
        redemption_id,
        loyalty_card_id,
        coupon_upc,
        campaign_id,
        redeemed_date,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by redemption_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'redemptions') }}

)

select
    ---------- ids
    {{ text('redemption_id', 24) }} as redemption_id,
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    {{ text('coupon_upc', 20) }} as coupon_upc,
    {{ text('campaign_id', 10) }} as campaign_id,
    ---------- dates
    {{ cast_as('redeemed_date', 'date') }} as redeemed_date,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
