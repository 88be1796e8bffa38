-- Grain: one row per product and stretch of time in which its attributes held (SCD2), and one unknown product.
-- The first version reaches back to 1900, so that a sale before the first record still finds it. A delete ends nothing:
-- the product's last attributes hold until it comes back. Lines whose product is missing point to the unknown product.
{{ config(materialized='table', **layout(distribute_by='all')) }}

with changes as (

    select
        product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
        list_price, unit_cost, changed_at, change_log_position,
        {{ surrogate_key([
            'manufacturer_id', 'department', 'brand', 'product_category', 'product_type', 'package_size',
            'tax_category',
            key_text('list_price', 'decimal'), key_text('unit_cost', 'decimal')
        ]) }} as attributes_key
    from {{ ref('stg_shop__product_changes') }}
    where is_deleted = 0

),

compared as (

    select
        product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
        list_price, unit_cost, changed_at, change_log_position, attributes_key,
        lag(attributes_key) over (partition by product_id order by change_log_position) as attributes_before
    from changes

),

versions as (

    select
        product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
        list_price, unit_cost, changed_at, change_log_position,
        row_number() over (partition by product_id order by change_log_position) as version_number,
        lead(changed_at) over (partition by product_id order by change_log_position) as next_changed_at
    from compared
    where attributes_before is null or attributes_before <> attributes_key

),

final as (

    select
        {{ surrogate_key(['product_id', key_text('version_number', 'integer')]) }} as product_key,
        product_id, manufacturer_id, department, brand, product_category, product_type, package_size, tax_category,
        list_price, unit_cost, version_number,
        case when version_number = 1 then {{ timestamp_literal('1900-01-01 00:00:00') }} else changed_at end as valid_from,
        next_changed_at as valid_to,
        case when next_changed_at is null then 1 else 0 end as is_current
    from versions
    union all
    select
        {{ unknown_key() }} as product_key,
        'unknown' as product_id, null as manufacturer_id, 'Unknown' as department, null as brand,
        null as product_category, null as product_type, null as package_size, null as tax_category,
        null as list_price, null as unit_cost,
        1 as version_number, {{ timestamp_literal('1900-01-01 00:00:00') }} as valid_from, null as valid_to,
        1 as is_current

)

select
    ---------- ids
    {{ cast_as('product_key', 'text', 32) }} as product_key,
    {{ cast_as('product_id', 'text', 20) }} as product_id,
    {{ cast_as('manufacturer_id', 'text', 20) }} as manufacturer_id,
    ---------- text
    {{ cast_as('department', 'text', 60) }} as department,
    {{ cast_as('brand', 'text', 20) }} as brand,
    {{ cast_as('product_category', 'text', 60) }} as product_category,
    {{ cast_as('product_type', 'text', 80) }} as product_type,
    {{ cast_as('package_size', 'text', 40) }} as package_size,
    {{ cast_as('tax_category', 'text', 10) }} as tax_category,
    ---------- numbers
    {{ cast_as('list_price', 'decimal', 18, 4) }} as list_price,
    {{ cast_as('unit_cost', 'decimal', 18, 4) }} as unit_cost,
    {{ cast_as('version_number', 'integer') }} as version_number,
    ---------- flags
    {{ cast_as('is_current', 'flag') }} as is_current,
    ---------- dates
    {{ cast_as('valid_from', 'timestamp') }} as valid_from,
    {{ cast_as('valid_to', 'timestamp') }} as valid_to
from final
