-- Grain: one row per order line, deleted ones included and flagged. The newest change of a key wins.
{{ config(
    materialized='incremental',
    unique_key='order_line_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    **layout(distribute_by='order_id', sort_by=['ordered_date'], partition_by='ordered_date')
) }}

with changes as (

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
        ordered_at,
        fulfilled_date,
        change_operation,
        change_log_position,
        load_batch_number,
        row_number() over (
            partition by order_line_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'order_lines') }}
    {{ only_arrived(source('shop', 'order_lines'), 'order_line_id') }}

)

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
from changes
where recency = 1
