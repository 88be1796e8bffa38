-- Grain: one row per change of a shop account, deletes included and flagged.
with changes as (

    select
        customer_id, first_name, last_name, email, phone, birth_date, loyalty_card_id, created_at, updated_at,
        change_operation, change_committed_at, change_log_position, load_batch_number,
        row_number() over (partition by customer_id, change_log_position order by load_batch_number) as repetition
    from {{ source('shop', 'customers') }}

)

select
    ---------- ids
    {{ text('customer_id', 20) }} as customer_id,
    {{ text('loyalty_card_id', 20) }} as loyalty_card_id,
    ---------- text
    {{ text('first_name', 100) }} as first_name,
    {{ text('last_name', 100) }} as last_name,
    {{ email('email') }} as email,
    {{ phone('phone') }} as phone,
    ---------- flags
    {{ flag("change_operation = 'D'") }} as is_deleted,
    ---------- dates
    {{ cast_as('birth_date', 'date') }} as birth_date,
    {{ utc_timestamp('created_at') }} as created_at,
    {{ utc_timestamp('change_committed_at') }} as changed_at,
    ---------- load
    {{ text('change_log_position', 80) }} as change_log_position,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from changes
where repetition = 1
