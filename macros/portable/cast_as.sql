{#-
    The expression as a portable type; see data_type. Numbers are to be rounded first (rounded), because warehouses disagree on
    casts that lose digits; texts are to be cut first.

    Arguments: expression; kind, length_or_precision and scale as data_type takes them.
    Gives: the type asked for.
    NULL: NULL.
    Edges: what does not fit is an error of the warehouse; try_integer and its sisters give NULL instead.
    Example: cast_as("'12'", 'integer') gives 12.
    Made of: data_type.
-#}
{% macro cast_as(expression, kind, length_or_precision=none, scale=none) -%}
    cast({{ expression }} as {{ data_type(kind, length_or_precision, scale) }})
{%- endmacro %}
