-- Grain: one row per order: the customer who placed it, by the strongest identifier that the identity map knows.
-- Orders of erased persons and of nobody known point to the unknown customer, so revenue stays whole.
with live as (

    select identifier_type, identifier_value, customer_key
    from {{ ref('identity_map') }}
    where is_current = 1

)

select
    orders.order_id,
    coalesce(
        shop_accounts.customer_key, cards.customer_key, guest_email.customer_key, guest_phone.customer_key,
        cookies.customer_key, {{ unknown_customer_key() }}
    ) as customer_key
from {{ ref('stg_shop__orders') }} as orders
left join live as shop_accounts
    on shop_accounts.identifier_type = 'customer_id' and shop_accounts.identifier_value = orders.customer_id
left join live as cards
    on cards.identifier_type = 'loyalty_card_id' and cards.identifier_value = orders.loyalty_card_id
left join live as guest_email
    on guest_email.identifier_type = 'email' and guest_email.identifier_value = orders.guest_email
left join live as guest_phone
    on guest_phone.identifier_type = 'phone' and guest_phone.identifier_value = orders.guest_phone
left join live as cookies
    on cookies.identifier_type = 'anonymous_id' and cookies.identifier_value = orders.anonymous_id
