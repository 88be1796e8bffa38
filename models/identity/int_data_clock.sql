-- Grain: one row: up to when the data is known. No model asks the machine's clock, so a rebuild gives the same rows.
with clocks as (

    select
        max(change_committed_at) as known_at,
        max(load_batch_number) as load_batch_number from {{ source('shop', 'orders') }}
    union all
    select
        max(change_committed_at) as known_at,
        max(load_batch_number) as load_batch_number from {{ source('shop', 'order_lines') }}
    union all
    select
        max(change_committed_at) as known_at,
        max(load_batch_number) as load_batch_number from {{ source('shop', 'refunds') }}
    union all
    select
        max(change_committed_at) as known_at,
        max(load_batch_number) as load_batch_number from {{ source('web', 'events') }}

),

latest as (

    select max(known_at) as known_at, max(load_batch_number) as load_batch_number
    from clocks

)

select
    {{ utc_timestamp('known_at') }} as as_of_at,
    {{ date_of(utc_timestamp('known_at')) }} as as_of_date,
    {{ cast_as('load_batch_number', 'integer') }} as load_batch_number
from latest
