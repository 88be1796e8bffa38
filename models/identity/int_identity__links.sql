-- Grain: one row per rule and pair of identifiers that some record shows together.
-- Guests' addresses stand without their +tag, so that variants of one mailbox do not count as a crowd.
-- Every way in which a source can tie two identifiers is one row here and one row in the seed identity_rules.
{% set ties = [
    ('account_email', 'accounts', 'customer_id', 'email'),
    ('account_phone', 'accounts', 'customer_id', 'phone'),
    ('account_card', 'accounts', 'customer_id', 'loyalty_card_id'),
    ('order_account_card', 'orders', 'customer_id', 'loyalty_card_id'),
    ('order_account_cookie', 'orders', 'customer_id', 'anonymous_id'),
    ('guest_email_phone', 'orders', 'email', 'phone'),
    ('guest_email_card', 'orders', 'email', 'loyalty_card_id'),
    ('guest_email_cookie', 'orders', 'email', 'anonymous_id'),
    ('web_account_cookie', 'events', 'customer_id', 'anonymous_id'),
    ('web_account_device', 'events', 'customer_id', 'device_id'),
    ('web_device_cookie', 'events', 'device_id', 'anonymous_id'),
    ('web_email_cookie', 'events', 'email', 'anonymous_id'),
    ('web_account_email', 'events', 'customer_id', 'email'),
    ('profile_email', 'profile_changes', 'customer_id', 'email'),
    ('profile_phone', 'profile_changes', 'customer_id', 'phone'),
    ('payment_card_account', 'card_payments', 'customer_id', 'card_fingerprint'),
    ('payment_card_loyalty_card', 'card_payments', 'loyalty_card_id', 'card_fingerprint'),
] %}

with accounts as (

    select customer_id, email, phone, loyalty_card_id, changed_at as seen_at
    from {{ ref('stg_shop__customer_changes') }}

),

orders as (

    select
        customer_id, loyalty_card_id, anonymous_id, {{ email_without_tag('guest_email') }} as email,
        guest_phone as phone, ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}

),

events as (

    select
        user_id as customer_id, anonymous_id, device_id, {{ email_without_tag('email') }} as email,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}

),

profile_changes as (

    select
        customer_id,
        case when attribute_name = 'email' then {{ email('attribute_value') }} end as email,
        case when attribute_name = 'phone' then {{ phone('attribute_value') }} end as phone,
        occurred_at as seen_at
    from {{ ref('stg_profile__changes') }}

),

card_payments as (

    select orders.customer_id, orders.loyalty_card_id, payments.card_fingerprint, payments.paid_at as seen_at
    from {{ ref('stg_shop__payments') }} as payments
    inner join {{ ref('stg_shop__orders') }} as orders on orders.order_id = payments.order_id

),

seen as (

    {% for rule_name, told_by, left_type, right_type in ties -%}
    select
        '{{ rule_name }}' as rule_name, '{{ left_type }}' as left_type, {{ left_type }} as left_value,
        '{{ right_type }}' as right_type, {{ right_type }} as right_value, seen_at
    from {{ told_by }}
    where {{ left_type }} is not null and {{ right_type }} is not null
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    {{ cast_as('rule_name', 'text', 40) }} as rule_name,
    {{ cast_as('left_type', 'text', 20) }} as left_type,
    {{ cast_as('left_value', 'text', 254) }} as left_value,
    {{ cast_as('right_type', 'text', 20) }} as right_type,
    {{ cast_as('right_value', 'text', 254) }} as right_value,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at,
    {{ row_count() }} as record_count
from seen
group by rule_name, left_type, left_value, right_type, right_value
