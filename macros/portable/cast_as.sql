{#-
    The expression as a portable type; see data_type. A failing cast is an error of the warehouse.
    Numbers are to be rounded first (rounded): warehouses disagree on casts that lose digits.
-#}
{% macro cast_as(expression, kind, length_or_precision=none, scale=none) -%}
    cast({{ expression }} as {{ data_type(kind, length_or_precision, scale) }})
{%- endmacro %}
