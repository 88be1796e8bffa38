-- Grain: one row per rule and pair of identifiers that some record shows together.
-- Guests' addresses stand without their +tag, so that variants of one mailbox do not count as a crowd.
-- Every way in which a source can tie two identifiers is one branch here and one row in the seed identity_rules.
with seen as (

    select
        'account_email' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'email' as right_type, email as right_value,
        changed_at as seen_at
    from {{ ref('stg_shop__customer_changes') }}
    where customer_id is not null and email is not null
    union all
    select
        'account_phone' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'phone' as right_type, phone as right_value,
        changed_at as seen_at
    from {{ ref('stg_shop__customer_changes') }}
    where customer_id is not null and phone is not null
    union all
    select
        'account_card' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'loyalty_card_id' as right_type, loyalty_card_id as right_value,
        changed_at as seen_at
    from {{ ref('stg_shop__customer_changes') }}
    where customer_id is not null and loyalty_card_id is not null
    union all
    select
        'order_account_card' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'loyalty_card_id' as right_type, loyalty_card_id as right_value,
        ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}
    where customer_id is not null and loyalty_card_id is not null
    union all
    select
        'order_account_cookie' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'anonymous_id' as right_type, anonymous_id as right_value,
        ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}
    where customer_id is not null and anonymous_id is not null
    union all
    select
        'guest_email_phone' as rule_name, 'email' as left_type, {{ email_without_tag('guest_email') }} as left_value, 'phone' as right_type, guest_phone as right_value,
        ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null and guest_phone is not null
    union all
    select
        'guest_email_card' as rule_name, 'email' as left_type, {{ email_without_tag('guest_email') }} as left_value, 'loyalty_card_id' as right_type, loyalty_card_id as right_value,
        ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null and loyalty_card_id is not null
    union all
    select
        'guest_email_cookie' as rule_name, 'email' as left_type, {{ email_without_tag('guest_email') }} as left_value, 'anonymous_id' as right_type, anonymous_id as right_value,
        ordered_at as seen_at
    from {{ ref('stg_shop__orders') }}
    where guest_email is not null and anonymous_id is not null
    union all
    select
        'web_account_cookie' as rule_name, 'customer_id' as left_type, user_id as left_value, 'anonymous_id' as right_type, anonymous_id as right_value,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}
    where user_id is not null and anonymous_id is not null
    union all
    select
        'web_account_device' as rule_name, 'customer_id' as left_type, user_id as left_value, 'device_id' as right_type, device_id as right_value,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}
    where user_id is not null and device_id is not null
    union all
    select
        'web_device_cookie' as rule_name, 'device_id' as left_type, device_id as left_value, 'anonymous_id' as right_type, anonymous_id as right_value,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}
    where device_id is not null and anonymous_id is not null
    union all
    select
        'web_email_cookie' as rule_name, 'email' as left_type, {{ email_without_tag('email') }} as left_value, 'anonymous_id' as right_type, anonymous_id as right_value,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}
    where email is not null and anonymous_id is not null
    union all
    select
        'web_account_email' as rule_name, 'customer_id' as left_type, user_id as left_value, 'email' as right_type, email as right_value,
        occurred_at as seen_at
    from {{ ref('stg_web__events') }}
    where user_id is not null and email is not null
    union all
    select
        'profile_email' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'email' as right_type,
        {{ email('attribute_value') }} as right_value, occurred_at as seen_at
    from {{ ref('stg_profile__changes') }}
    where attribute_name = 'email' and {{ email('attribute_value') }} is not null
    union all
    select
        'profile_phone' as rule_name, 'customer_id' as left_type, customer_id as left_value, 'phone' as right_type,
        {{ phone('attribute_value') }} as right_value, occurred_at as seen_at
    from {{ ref('stg_profile__changes') }}
    where attribute_name = 'phone' and {{ phone('attribute_value') }} is not null
    union all
    select
        'payment_card_account' as rule_name, 'customer_id' as left_type, orders.customer_id as left_value, 'card_fingerprint' as right_type,
        payments.card_fingerprint as right_value, payments.paid_at as seen_at
    from {{ ref('stg_shop__payments') }} as payments
    inner join {{ ref('stg_shop__orders') }} as orders on orders.order_id = payments.order_id
    where payments.card_fingerprint is not null and orders.customer_id is not null
    union all
    select
        'payment_card_loyalty_card' as rule_name, 'loyalty_card_id' as left_type, orders.loyalty_card_id as left_value, 'card_fingerprint' as right_type,
        payments.card_fingerprint as right_value, payments.paid_at as seen_at
    from {{ ref('stg_shop__payments') }} as payments
    inner join {{ ref('stg_shop__orders') }} as orders on orders.order_id = payments.order_id
    where payments.card_fingerprint is not null and orders.loyalty_card_id is not null

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
