{#- every column of a mart that holds an identifier; tests/flows/test_pipeline.py searches all the others too -#}
{% set places = [
    ('identity_map', 'node_key', none),
    ('dim_customer', 'email', 'email'), ('dim_customer', 'phone', 'phone'),
    ('dim_customer', 'loyalty_card_id', 'loyalty_card_id'),
    ('dim_customer_history', 'email', 'email'), ('dim_customer_history', 'phone', 'phone'),
    ('customer_360', 'email', 'email'), ('customer_360', 'phone', 'phone'),
    ('customer_360', 'loyalty_card_id', 'loyalty_card_id'),
    ('fct_event', 'anonymous_id', 'anonymous_id'), ('fct_event', 'device_id', 'device_id'),
    ('fct_event', 'user_id', 'customer_id'),
    ('fct_session', 'anonymous_id', 'anonymous_id'), ('fct_session', 'user_id', 'customer_id'),
    ('fct_order', 'anonymous_id', 'anonymous_id'),
] %}
{% for table, column, identifier_type in places %}
{{ "union all" if not loop.first }}
select '{{ table }}' as table_name, '{{ column }}' as column_name, erased.node_key
from {{ ref(table) }} as mart
inner join {{ ref('int_identity__erased_nodes') }} as erased
    {% if identifier_type is none -%}
    on erased.node_key = mart.{{ column }}
    {%- else -%}
    on erased.identifier_type = '{{ identifier_type }}' and erased.identifier_value = mart.{{ column }}
    {%- endif %}
{% endfor %}
