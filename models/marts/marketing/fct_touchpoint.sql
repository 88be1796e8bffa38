-- Grain: one row per paid order, touchpoint and attribution model.
-- Models: first, last, last_non_direct, linear, position_based (40/20/40; two touches share equally) and time_decay (half the
-- weight for every whole half-life, var attribution_half_life_days, before the order; ten halvings at most). Weights are
-- exact: what rounding leaves over goes to the last touch, so they sum to 1 and revenue to the order's, per order and model.
-- The shares of all models are worked out side by side, so the orders' touches are sorted once; then each row becomes six.
-- Incremental: orders whose touches or revenue are not what is stored, whatever the cause; the hook takes touches that are gone.
{% set attribution_models = ['first', 'last', 'last_non_direct', 'linear', 'position_based', 'time_decay'] %}
{{ config(
    materialized='incremental',
    unique_key=['order_id', 'touch_id', 'attribution_model'],
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook="
        delete from {{ this }}
        where not exists (
            select 1 from {{ ref('int_touchpoints__visits') }} as visits
            where visits.order_id = {{ this.identifier }}.order_id and visits.touch_id = {{ this.identifier }}.touch_id
        )
    ",
    **layout(distribute_by='order_id')
) }}

with models as (
{{ inline_rows(
    [["'first'"], ["'last'"], ["'last_non_direct'"], ["'linear'"], ["'position_based'"], ["'time_decay'"]],
    ['attribution_model']
) }}
),

{% if is_incremental() -%}
stored as (

    select
        order_id, touch_id, customer_key, touch_source, touch_medium, touch_campaign, touched_at, ordered_at,
        attributed_revenue
    from {{ this }}
    where attribution_model = 'linear'

),

stored_orders as (

    select order_id, sum(attributed_revenue) as net_amount_reporting
    from stored
    group by order_id

),

changed as (

    select visits.order_id
    from {{ ref('int_touchpoints__visits') }} as visits
    left join stored on stored.order_id = visits.order_id and stored.touch_id = visits.touch_id
    left join stored_orders on stored_orders.order_id = visits.order_id
    where {{ is_different('stored.customer_key', 'visits.customer_key') }}
        or {{ is_different('stored.touch_source', 'visits.touch_source') }}
        or {{ is_different('stored.touch_medium', 'visits.touch_medium') }}
        or {{ is_different('stored.touch_campaign', 'visits.touch_campaign') }}
        or {{ is_different('stored.touched_at', 'visits.touched_at') }}
        or {{ is_different('stored.ordered_at', 'visits.ordered_at') }}
        or {{ is_different('stored_orders.net_amount_reporting', 'visits.net_amount_reporting') }}
    {{ union_distinct() }}
    select stored.order_id
    from stored
    left join {{ ref('int_touchpoints__visits') }} as visits on visits.order_id = stored.order_id and visits.touch_id = stored.touch_id
    where visits.touch_id is null

),
{%- endif %}

placed as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, ordered_at,
        net_amount_reporting,
        row_number() over (partition by order_id order by touched_at, touch_id) as place,
        row_number() over (partition by order_id order by touched_at desc, touch_id desc) as place_from_end,
        row_number() over (
            partition by order_id order by is_direct asc, touched_at desc, touch_id desc
        ) as place_non_direct,
        {{ row_count_over('order_id') }} as touch_count,
        {{ integer_divide(date_difference('day', 'touched_at', 'ordered_at'), var('attribution_half_life_days')) }} as half_lives
    from {{ ref('int_touchpoints__visits') }}
    {% if is_incremental() -%}
    where order_id in (select order_id from changed)
    {%- endif %}

),

parts as (

    -- shares in whole parts, turned into weights below
    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, ordered_at,
        net_amount_reporting, place_from_end,
        case when place = 1 then 1 else 0 end as first_parts,
        case when place_from_end = 1 then 1 else 0 end as last_parts,
        case when place_non_direct = 1 then 1 else 0 end as last_non_direct_parts,
        1 as linear_parts,
        case
            when touch_count <= 2 then 1
            when place = 1 or place_from_end = 1 then 2 * (touch_count - 2)
            else 1
        end as position_based_parts,
        case half_lives
            when 0 then 1024 when 1 then 512 when 2 then 256 when 3 then 128 when 4 then 64 when 5 then 32
            when 6 then 16 when 7 then 8 when 8 then 4 when 9 then 2 else 1
        end as time_decay_parts
    from placed

),

weighed as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, ordered_at,
        net_amount_reporting, place_from_end
        {%- for name in attribution_models %},
        {{ divide(name ~ '_parts', 'sum(' ~ name ~ '_parts) over (partition by order_id)', 18, 8) }} as {{ name }}_weight
        {%- endfor %}
    from parts

),

shared as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, ordered_at,
        net_amount_reporting, place_from_end
        {%- for name in attribution_models %},
        {{ name }}_weight,
        {{ multiply('net_amount_reporting', name ~ '_weight') }} as {{ name }}_revenue,
        sum({{ name }}_weight) over (partition by order_id) as {{ name }}_weight_given
        {%- endfor %}
    from weighed

),

exact as (

    select
        order_id, touch_id, touched_at, touch_source, touch_medium, touch_campaign, customer_key, ordered_at
        {%- for name in attribution_models %},
        case
            when place_from_end = 1
                then {{ name }}_weight + {{ decimal_literal('1', 18, 8) }} - {{ name }}_weight_given
            else {{ name }}_weight
        end as {{ name }}_weight,
        case
            when place_from_end = 1
                then {{ name }}_revenue + net_amount_reporting - sum({{ name }}_revenue) over (partition by order_id)
            else {{ name }}_revenue
        end as {{ name }}_revenue
        {%- endfor %}
    from shared

),

final as (

    select
        exact.order_id, exact.touch_id, exact.touched_at, exact.touch_source, exact.touch_medium,
        exact.touch_campaign, exact.customer_key, exact.ordered_at, models.attribution_model,
        case models.attribution_model
            {%- for name in attribution_models %} when '{{ name }}' then exact.{{ name }}_weight{% endfor %}
        end as weight,
        case models.attribution_model
            {%- for name in attribution_models %} when '{{ name }}' then exact.{{ name }}_revenue{% endfor %}
        end as attributed_revenue
    from exact
    cross join models

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
    {{ cast_as('touched_at', 'timestamp') }} as touched_at,
    {{ cast_as('ordered_at', 'timestamp') }} as ordered_at
from final
