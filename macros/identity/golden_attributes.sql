{#- The attributes of the golden record, each of which stands in a mart beside the source that won it. -#}
{% macro golden_attributes() -%}
    {{ return(['first_name', 'last_name', 'email', 'phone', 'birth_date', 'city', 'country_code', 'preferred_language']) }}
{%- endmacro %}
