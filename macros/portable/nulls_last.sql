{#-
    ORDER BY keys that put NULL last in both directions.
-#}
{% macro nulls_last(expression, direction='asc') -%}
    case when {{ expression }} is null then 1 else 0 end, {{ expression }} {{ argument_of('nulls_last', 'direction', direction, ['asc', 'desc']) }}
{%- endmacro %}
