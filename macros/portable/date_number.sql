{#-
    The date as the integer yyyymmdd.

    Arguments: expression, a date or timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: years 1000 to 9999.
    Example: date_number("cast('2017-01-31' as date)") gives 20170131.
    Made of: year_of, month_of, day_of.
-#}
{% macro date_number(expression) -%}
    ({{ year_of(expression) }} * 10000 + {{ month_of(expression) }} * 100 + {{ day_of(expression) }})
{%- endmacro %}
