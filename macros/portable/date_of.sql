{#-
    The calendar day of a timestamp.
-#}
{% macro date_of(expression) -%}
    cast({{ expression }} as {{ data_type('date') }})
{%- endmacro %}
