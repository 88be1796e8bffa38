-- Grain: one row per kind of record and combination of identifiers that records of this kind show together.
-- Every way in which a source can show identifiers is one block here; which of them make one person is a row of the seed
-- identity_rules. Guests' addresses stand without their +tag, so that variants of one mailbox do not count as a crowd.
-- Values stand as the source tells them; int_identity__links normalises them.
{% set blocks = [
    ('accounts', 'stg_shop__customer_changes', 'changed_at', {
        'customer_id': 'customer_id', 'email': 'email', 'phone': 'phone', 'loyalty_card_id': 'loyalty_card_id'}),
    ('openings', 'stg_shop__customers', 'created_at', {'customer_id': 'customer_id'}),
    ('guests', 'stg_shop__orders', 'ordered_at', {'email': 'guest_email'}),
    ('orders', 'stg_shop__orders', 'ordered_at', {
        'customer_id': 'customer_id', 'email': email_without_tag('guest_email'), 'phone': 'guest_phone',
        'loyalty_card_id': 'loyalty_card_id', 'anonymous_id': 'anonymous_id'}),
    ('events', 'stg_web__events', 'occurred_at', {
        'customer_id': 'user_id', 'email': email_without_tag('email'), 'anonymous_id': 'anonymous_id', 'device_id': 'device_id'}),
    ('profile_changes', 'stg_profile__changes', 'occurred_at', {
        'customer_id': 'customer_id',
        'email': "case when attribute_name = 'email' then attribute_value end",
        'phone': "case when attribute_name = 'phone' then attribute_value end"}),
] %}

with card_payments as (

    select orders.customer_id, orders.loyalty_card_id, payments.card_fingerprint, payments.paid_at
    from {{ ref('stg_shop__payments') }} as payments
    inner join {{ ref('stg_shop__orders') }} as orders on orders.order_id = payments.order_id
    where payments.card_fingerprint is not null

),

seen as (

    {% for told_by, model_name, seen_at, columns in blocks -%}
    select
        {{ cast_as("'" ~ told_by ~ "'", 'text', 20) }} as told_by,
        {%- for name in identifier_types() %}
        {{ cast_as(columns.get(name, 'null'), 'text', 254) }} as {{ name }},
        {%- endfor %}
        {{ seen_at }} as seen_at
    from {{ ref(model_name) }}
    union all
    {% endfor -%}
    select
        {{ cast_as("'card_payments'", 'text', 20) }} as told_by,
        {%- for name in identifier_types() %}
        {{ cast_as(name if name in ('customer_id', 'loyalty_card_id', 'card_fingerprint') else 'null', 'text', 254) }} as {{ name }},
        {%- endfor %}
        paid_at as seen_at
    from card_payments

)

select
    told_by, {{ identifier_types() | join(', ') }},
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at,
    {{ row_count() }} as record_count
from seen
group by told_by, {{ identifier_types() | join(', ') }}
