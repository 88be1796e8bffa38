{#-
    Aggregate: sum of decimals, as decimal(precision, scale); NULL for no rows.
-#}
{% macro sum_decimal(expression, precision=18, scale=4) -%}
    cast(sum({{ expression }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
