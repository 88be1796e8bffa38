-- Grain: one row per change of a product, deletes included and flagged.
with changes as (

    select
        product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
        list_price, unit_cost, change_operation, change_committed_at, change_log_position, load_batch_number,
        row_number() over (partition by product_id, change_log_position order by load_batch_number) as repetition
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
    ---------- flags
    {{ flag("change_operation = 'D'") }} as is_deleted,
    ---------- dates
    {{ utc_timestamp('change_committed_at') }} as changed_at,
    ---------- load
    {{ text('change_log_position', 80) }} as change_log_position,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where repetition = 1
