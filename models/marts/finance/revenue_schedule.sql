-- Grain: one row per order line, kind and recognition date.
-- Revenue is recognised when the goods are handed over or shipped, and taken back on the day of a refund. A line still open is
-- deferred: it stands with no date until it is fulfilled. So per line, sale and deferred less refunds give its net amount.
-- A view: it only rearranges two facts, and copying millions of lines would cost more than reading them.
{{ config(materialized='view') }}

with entries as (

    select
        order_line_id as entry_id, order_line_id, order_id, legal_entity_id, currency_code,
        fulfilled_date as recognition_date,
        case when fulfilled_date is null then 'deferred' else 'sale' end as entry_kind, sales_amount as amount
    from {{ ref('fct_order_line') }}
    union all
    select
        refund_id as entry_id, order_line_id, order_id, legal_entity_id, currency_code,
        refunded_date as recognition_date,
        'refund' as entry_kind, -amount as amount
    from {{ ref('fct_refund') }}

),

final as (

    select entry_id, order_line_id, order_id, legal_entity_id, currency_code, recognition_date, entry_kind, amount
    from entries

)

select
    ---------- ids
    {{ cast_as('entry_id', 'text', 40) }} as entry_id,
    {{ cast_as('order_line_id', 'text', 40) }} as order_line_id,
    {{ cast_as('order_id', 'text', 20) }} as order_id,
    {{ cast_as('legal_entity_id', 'text', 10) }} as legal_entity_id,
    ---------- text
    {{ cast_as('currency_code', 'text', 3) }} as currency_code,
    {{ cast_as('entry_kind', 'text', 10) }} as entry_kind,
    ---------- numbers
    {{ cast_as('amount', 'decimal', 18, 4) }} as amount,
    ---------- dates
    {{ cast_as('recognition_date', 'date') }} as recognition_date
from final
