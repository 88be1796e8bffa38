-- Grain: one row per coupon, product and campaign.
with changes as (

    select
        coupon_upc,
        product_id,
        campaign_id,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by coupon_upc, product_id, campaign_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('marketing', 'coupons') }}

)

select
    ---------- ids
    {{ text('coupon_upc', 20) }} as coupon_upc,
    {{ text('product_id', 20) }} as product_id,
    {{ text('campaign_id', 10) }} as campaign_id,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
