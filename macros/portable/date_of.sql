{#-
    The calendar day of a timestamp.

    Arguments: expression, a timestamp or date.
    Gives: date.
    NULL: NULL.
    Edges: 23:59:59.999999 stays on its day: nothing is rounded.
    Example: date_of("cast('2017-01-31 23:59:59' as timestamp)") gives 2017-01-31.
    Made of: data_type.
-#}
{% macro date_of(expression) -%}
    cast({{ expression }} as {{ data_type('date') }})
{%- endmacro %}
