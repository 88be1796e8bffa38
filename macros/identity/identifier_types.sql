{#- Columns of int_identity__records, one per kind of identifier; each has a row in the seed identity_types. -#}
{% macro identifier_types() -%}
    {{ return(['customer_id', 'email', 'phone', 'loyalty_card_id', 'anonymous_id', 'device_id', 'card_fingerprint']) }}
{%- endmacro %}

{#- The identifier of a record whose kind stands in a column. Example: identifier_of('rules.left_type', 'records'). -#}
{% macro identifier_of(type_column, record) -%}
    case {{ type_column }}
        {%- for name in identifier_types() %}
        when '{{ name }}' then {{ record }}.{{ name }}
        {%- endfor %}
    end
{%- endmacro %}
