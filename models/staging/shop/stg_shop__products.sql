-- Grain: one row per product.
{{ config(materialized='table') }}

with changes as (

    select
        product_id,
        manufacturer_id,
        department,
        brand,
        product_category,
        product_type,
        package_size,
        tax_category,
        list_price,
        unit_cost,
        updated_at,
        change_operation,
        load_batch_number,
        row_number() over (
            partition by product_id
            order by change_log_position desc, load_batch_number desc
        ) as recency
    from {{ source('shop', 'products') }}

)

select
    ---------- ids
    {{ text('product_id', 20) }} as product_id,
    {{ text('manufacturer_id', 20) }} as manufacturer_id,
    ---------- text
    {{ text('department', 60) }} as department,
    {{ text('brand', 20) }} as brand,
    {{ text('product_category', 60) }} as product_category,
    {{ text('product_type', 80) }} as product_type,
    {{ text('package_size', 40) }} as package_size,
    {{ text('tax_category', 10) }} as tax_category,
    ---------- numbers
    {{ cast_as('list_price', 'decimal', 18, 4) }} as list_price,
    {{ cast_as('unit_cost', 'decimal', 18, 4) }} as unit_cost,
    ---------- dates
    {{ utc_timestamp('updated_at') }} as updated_at,
    ---------- load
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where recency = 1 and change_operation <> 'D'
