-- Grain: one row per order line, deleted ones included and flagged.
-- Incremental: keys that arrive are decided again together with the row already here, so a late or repeated
-- change loses as it should. The newest change of a key wins.
{{ config(
    materialized='incremental',
    unique_key='order_line_id',
    incremental_strategy=incremental_strategy(),
    **layout(distribute_by='order_id', sort_by=['ordered_date'], partition_by='ordered_date')
) }}

with arrived as (

    select
        ---------- ids
        {{ text('order_line_id', 40) }} as order_line_id,
        {{ text('order_id', 20) }} as order_id,
        {{ text('product_id', 20) }} as product_id,
        ---------- numbers
        {{ cast_as('quantity', 'integer') }} as quantity,
        {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
        {{ cast_as('retail_discount_amount', 'decimal', 18, 4) }} as retail_discount_amount,
        {{ cast_as('coupon_discount_amount', 'decimal', 18, 4) }} as coupon_discount_amount,
        {{ cast_as('coupon_match_discount_amount', 'decimal', 18, 4) }} as coupon_match_discount_amount,
        {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
        {{ cast_as('sales_amount + retail_discount_amount + coupon_match_discount_amount', 'decimal', 18, 4) }} as gross_amount,
        {{ cast_as('retail_discount_amount + coupon_match_discount_amount', 'decimal', 18, 4) }} as discount_amount,
        ---------- dates
        {{ utc_timestamp('ordered_at') }} as ordered_at,
        {{ cast_as('fulfilled_date', 'date') }} as fulfilled_date,
        {{ date_of(utc_timestamp('ordered_at')) }} as ordered_date,
        ---------- change
        {{ flag("change_operation = 'D'") }} as is_deleted,
        {{ text('change_log_position', 80) }} as change_log_position,
        {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
    from {{ source('shop', 'order_lines') }}
    {% if is_incremental() -%}
    where load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    {%- endif %}

),

candidates as (

    select
        order_line_id,
        order_id,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_discount_amount,
        tax_amount,
        gross_amount,
        discount_amount,
        ordered_at,
        fulfilled_date,
        ordered_date,
        is_deleted,
        change_log_position,
        load_batch_number
    from arrived
    {% if is_incremental() -%}
    union all
    select
        stored.order_line_id,
        stored.order_id,
        stored.product_id,
        stored.quantity,
        stored.sales_amount,
        stored.retail_discount_amount,
        stored.coupon_discount_amount,
        stored.coupon_match_discount_amount,
        stored.tax_amount,
        stored.gross_amount,
        stored.discount_amount,
        stored.ordered_at,
        stored.fulfilled_date,
        stored.ordered_date,
        stored.is_deleted,
        stored.change_log_position,
        stored.load_batch_number
    from {{ this }} as stored
    where exists (select 1 from arrived where arrived.order_line_id = stored.order_line_id)
    {%- endif %}

),

ranked as (

    select
        order_line_id,
        order_id,
        product_id,
        quantity,
        sales_amount,
        retail_discount_amount,
        coupon_discount_amount,
        coupon_match_discount_amount,
        tax_amount,
        gross_amount,
        discount_amount,
        ordered_at,
        fulfilled_date,
        ordered_date,
        is_deleted,
        change_log_position,
        load_batch_number,
        row_number() over (partition by order_line_id order by change_log_position desc, load_batch_number desc) as recency
    from candidates

)

select
    order_line_id,
    order_id,
    product_id,
    quantity,
    sales_amount,
    retail_discount_amount,
    coupon_discount_amount,
    coupon_match_discount_amount,
    tax_amount,
    gross_amount,
    discount_amount,
    ordered_at,
    fulfilled_date,
    ordered_date,
    is_deleted,
    change_log_position,
    load_batch_number
from ranked
where recency = 1
