{#-
    The decimal rounded half away from zero to scale digits, as decimal(precision, scale). NULL gives NULL.
-#}
{% macro rounded(expression, precision=18, scale=4) -%}
    cast(round({{ expression }}, {{ whole_number_of('rounded', 'scale', scale, 0, 9) }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
