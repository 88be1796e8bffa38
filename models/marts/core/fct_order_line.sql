-- Grain: one row per order line.
-- Incremental: lines that arrived or whose order or product did, and lines whose customer, store, rate or refunds are not
-- what is stored. A line or order deleted in the source leaves by the hook, because a merge cannot delete on every warehouse.
-- depends_on: {{ ref('stg_shop__orders') }}
-- depends_on: {{ ref('stg_shop__product_changes') }}
{{ config(
    materialized='incremental',
    unique_key='order_line_id',
    on_schema_change='fail',
    incremental_strategy=incremental_strategy(),
    post_hook="
        delete from {{ this }}
        where order_line_id in (select order_line_id from {{ ref('stg_shop__order_lines') }} where is_deleted = 1)
            or order_id not in (select order_id from {{ ref('fct_order') }})
    ",
    **layout(distribute_by='order_id', sort_by=['ordered_date'], partition_by='ordered_date')
) }}

with changed as (

    select order_lines.order_line_id
    from {{ ref('stg_shop__order_lines') }} as order_lines
    {% if is_incremental() -%}
    where order_lines.load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    {{ union_distinct() }}
    select order_lines.order_line_id
    from {{ ref('stg_shop__order_lines') }} as order_lines
    inner join {{ ref('stg_shop__orders') }} as orders on orders.order_id = order_lines.order_id
    where orders.load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    {{ union_distinct() }}
    select stored.order_line_id
    from {{ this }} as stored
    inner join {{ ref('fct_order') }} as orders on orders.order_id = stored.order_id
    left join {{ ref('int_orders__refunded_lines') }} as refunds on refunds.order_line_id = stored.order_line_id
    where orders.customer_key <> stored.customer_key
        or {{ is_different('orders.store_key', 'stored.store_key') }}
        or {{ is_different('orders.legal_entity_id', 'stored.legal_entity_id') }}
        or {{ is_different('orders.exchange_rate', 'stored.exchange_rate') }}
        or {{ is_different('orders.rate_date', 'stored.rate_date') }}
        or coalesce(refunds.refund_amount, 0) <> stored.refund_amount
        or stored.product_id in (
            select product_id from {{ ref('stg_shop__product_changes') }}
            where load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
        )
    {%- endif %}

),

joined as (

    select
        order_lines.order_line_id, order_lines.order_id, orders.customer_key, orders.store_key,
        orders.legal_entity_id, orders.channel, orders.currency_code,
        coalesce(products.product_key, {{ unknown_key() }}) as product_key,
        order_lines.product_id, order_lines.ordered_at, order_lines.ordered_date, order_lines.fulfilled_date,
        order_lines.quantity, order_lines.gross_amount, order_lines.discount_amount,
        order_lines.retail_discount_amount, order_lines.coupon_match_discount_amount, order_lines.sales_amount,
        order_lines.coupon_discount_amount,
        order_lines.tax_amount, coalesce(refunds.refund_amount, 0) as refund_amount, orders.exchange_rate, orders.rate_date,
        {{ multiply('order_lines.quantity', 'products.unit_cost') }} as cost_amount,
        order_lines.load_batch_number
    from {{ ref('stg_shop__order_lines') }} as order_lines
    inner join changed on changed.order_line_id = order_lines.order_line_id
    inner join {{ ref('fct_order') }} as orders on orders.order_id = order_lines.order_id
    left join {{ ref('dim_product') }} as products
        on products.product_id = order_lines.product_id
        and products.valid_from <= order_lines.ordered_at
        and (products.valid_to is null or products.valid_to > order_lines.ordered_at)
    left join {{ ref('int_orders__refunded_lines') }} as refunds on refunds.order_line_id = order_lines.order_line_id
    where order_lines.is_deleted = 0

),

final as (

    select
        order_line_id, order_id, customer_key, store_key, legal_entity_id, channel, currency_code, product_key,
        product_id, ordered_at, ordered_date, fulfilled_date, quantity, gross_amount, discount_amount,
        retail_discount_amount, coupon_match_discount_amount, sales_amount, coupon_discount_amount, tax_amount,
        refund_amount,
        sales_amount - refund_amount as net_amount, exchange_rate, rate_date, cost_amount,
        {{ multiply('sales_amount', 'exchange_rate') }} as sales_amount_reporting,
        {{ multiply('sales_amount - refund_amount', 'exchange_rate') }} as net_amount_reporting,
        load_batch_number
    from joined

)

select
    ---------- ids
    {{ cast_as('order_line_id', 'text', 40) }} as order_line_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('customer_key', 'text', 32) }} as customer_key,
    {{ cast_as('store_key', 'text', 32) }} as store_key,
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    {{ cast_as('product_key', 'text', 32) }} as product_key,
    {{ cast_as('product_id', 'text', 20) }} as product_id,
    ---------- text
    {{ cast_as('channel', 'text', 10) }} as channel,
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    ---------- numbers
    {{ cast_as('quantity', 'integer') }} as quantity,
    {{ cast_as('gross_amount', 'decimal', 18, 4) }} as gross_amount,
    {{ cast_as('discount_amount', 'decimal', 18, 4) }} as discount_amount,
    {{ cast_as('retail_discount_amount', 'decimal', 18, 4) }} as retail_discount_amount,
    {{ cast_as('coupon_match_discount_amount', 'decimal', 18, 4) }} as coupon_match_discount_amount,
    {{ cast_as('sales_amount', 'decimal', 18, 4) }} as sales_amount,
    {{ cast_as('coupon_discount_amount', 'decimal', 18, 4) }} as coupon_discount_amount,
    {{ cast_as('tax_amount', 'decimal', 18, 4) }} as tax_amount,
    {{ cast_as('refund_amount', 'decimal', 18, 4) }} as refund_amount,
    {{ cast_as('net_amount', 'decimal', 18, 4) }} as net_amount,
    {{ cast_as('cost_amount', 'decimal', 18, 4) }} as cost_amount,
    {{ cast_as('exchange_rate', 'decimal', 18, 8) }} as exchange_rate,
    {{ cast_as('sales_amount_reporting', 'decimal', 18, 4) }} as sales_amount_reporting,
    {{ cast_as('net_amount_reporting', 'decimal', 18, 4) }} as net_amount_reporting,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number,
    ---------- dates
    {{ cast_as('ordered_at', 'timestamp') }} as ordered_at,
    {{ cast_as('ordered_date', 'date') }} as ordered_date,
    {{ cast_as('fulfilled_date', 'date') }} as fulfilled_date,
    {{ cast_as('rate_date', 'date') }} as rate_date
from final
