-- Grain: one row per shop account and attribute by which accounts can be compared: what the account says now.
{% set account_attributes = ['first_name', 'last_name', 'birth_date', 'email'] %}
{% set address_attributes = {'street': 'line_1', 'postal_code': 'postal_code', 'city': 'city'} %}

with addresses as (

    select
        customer_id, line_1, postal_code, city,
        row_number() over (partition by customer_id order by updated_at desc, address_id asc) as recency
    from {{ ref('stg_shop__addresses') }}

),

told as (

    {% for name in account_attributes -%}
    select
        customer_id, '{{ name }}' as attribute_name,
        {%- set own = {'birth_date': key_text('birth_date', 'date'), 'email': email_without_tag('email')} %}
        {{ cast_as(own.get(name, 'lower(' ~ name ~ ')'), 'text', 254) }} as attribute_value
    from {{ ref('stg_shop__customers') }}
    union all
    {% endfor -%}
    {% for name, column in address_attributes.items() -%}
    select customer_id, '{{ name }}' as attribute_name, {{ cast_as('lower(' ~ column ~ ')', 'text', 254) }} as attribute_value
    from addresses
    where recency = 1
    {{ "union all" if not loop.last }}
    {% endfor %}

)

select
    {{ surrogate_key(["'customer_id'", 'customer_id']) }} as node_key,
    {{ cast_as('customer_id', 'text', 254) }} as customer_id,
    {{ cast_as('attribute_name', 'text', 20) }} as attribute_name,
    attribute_value
from told
where attribute_value is not null and attribute_value <> ''
