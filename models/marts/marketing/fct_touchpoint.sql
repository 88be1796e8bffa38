-- Grain: one row per paid order, touchpoint and attribution model.
-- Models: first, last, last_non_direct, linear, position_based (40/20/40; two touches share equally) and time_decay (half the
-- weight for every whole half-life, var attribution_half_life_days, before the order; ten halvings at most). Weights are
-- exact: what rounding leaves over goes to the last touch, so they sum to 1 and revenue to the order's, per order and model.
{{ config(materialized='table', **layout(distribute_by='order_id')) }}

with models as (
{{ inline_rows([["'first'"], ["'last'"], ["'last_non_direct'"], ["'linear'"], ["'position_based'"], ["'time_decay'"]], ['attribution_model']) }}
),

placed as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, is_direct, customer_key, ordered_at, net_amount_reporting,
        row_number() over (partition by order_id order by touched_at, touch_id) as place,
        row_number() over (partition by order_id order by touched_at desc, touch_id desc) as place_from_end,
        row_number() over (partition by order_id order by is_direct, touched_at desc, touch_id desc) as place_non_direct,
        {{ row_count_over('order_id') }} as touch_count,
        {{ integer_divide(date_difference('day', 'touched_at', 'ordered_at'), var('attribution_half_life_days')) }} as half_lives
    from {{ ref('int_touchpoints__visits') }}

),

parts as (

    -- shares in whole parts, turned into weights below
    select
        placed.order_id, placed.touch_id, placed.touched_at, placed.touch_source, placed.touch_medium, placed.touch_campaign, placed.customer_key,
        placed.net_amount_reporting, placed.place_from_end, models.attribution_model,
        case models.attribution_model
            when 'first' then case when placed.place = 1 then 1 else 0 end
            when 'last' then case when placed.place_from_end = 1 then 1 else 0 end
            when 'last_non_direct' then case when placed.place_non_direct = 1 then 1 else 0 end
            when 'linear' then 1
            when 'position_based' then
                case
                    when placed.touch_count <= 2 then 1
                    when placed.place = 1 or placed.place_from_end = 1 then 2 * (placed.touch_count - 2)
                    else 1
                end
            else
                case placed.half_lives
                    when 0 then 1024 when 1 then 512 when 2 then 256 when 3 then 128 when 4 then 64 when 5 then 32
                    when 6 then 16 when 7 then 8 when 8 then 4 when 9 then 2 else 1
                end
        end as share_parts
    from placed
    cross join models

),

weighed as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, net_amount_reporting, place_from_end, attribution_model,
        {{ divide('share_parts', 'sum(share_parts) over (partition by order_id, attribution_model)', 18, 8) }} as rounded_weight
    from parts

),

shared as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, net_amount_reporting, place_from_end, attribution_model,
        rounded_weight,
        {{ multiply('net_amount_reporting', 'rounded_weight') }} as rounded_revenue,
        sum(rounded_weight) over (partition by order_id, attribution_model) as weight_given
    from weighed

),

rest as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, net_amount_reporting, place_from_end, attribution_model,
        rounded_weight, rounded_revenue, weight_given,
        sum(rounded_revenue) over (partition by order_id, attribution_model) as revenue_given
    from shared

),

final as (

    select
        order_id, touch_id, attribution_model, customer_key, touch_source, touch_medium, touch_campaign, touched_at,
        case when place_from_end = 1 then rounded_weight + {{ decimal_literal('1', 18, 8) }} - weight_given else rounded_weight end as weight,
        case when place_from_end = 1 then rounded_revenue + net_amount_reporting - revenue_given else rounded_revenue end as attributed_revenue
    from rest

)

select
    ---------- ids
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('touch_id', 'text', 32) }} as touch_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    ---------- text
    {{ cast_as('attribution_model', 'text', 20) }} as attribution_model,
    {{ cast_as('touch_source', 'text', 60) }} as touch_source,
    {{ cast_as('touch_medium', 'text', 60) }} as touch_medium,
    {{ cast_as('touch_campaign', 'text', 60) }} as touch_campaign,
    ---------- numbers
    {{ cast_as('weight', 'decimal', 18, 8) }} as weight,
    {{ cast_as('attributed_revenue', 'decimal', 18, 4) }} as attributed_revenue,
    ---------- dates
    {{ cast_as('touched_at', 'timestamp') }} as touched_at
from final
