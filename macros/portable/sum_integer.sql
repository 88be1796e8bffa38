{#-
    Aggregate: sum of whole numbers or flags as integer; NULL for no rows. Synapse would overflow an int, DuckDB widen.
-#}
{% macro sum_integer(expression) -%}
    cast(sum(cast({{ expression }} as {{ data_type('integer') }})) as {{ data_type('integer') }})
{%- endmacro %}
