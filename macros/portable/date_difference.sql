{#-
    Boundaries of the part crossed from first to second: from 31 December to 1 January is one year. No week: warehouses disagree
    when it starts; difference of week_start days by 7.

    Arguments: part is day, month, quarter, year, hour, minute or second; first and second, dates or timestamps.
    Gives: integer.
    NULL: NULL when either is.
    Edges: negative when second is before first; not elapsed time: 00:59 to 01:00 is one hour.
    Example: date_difference('year', "cast('2016-12-31' as date)", "cast('2017-01-01' as date)") gives 1.
    Made of: boundaries_between.
-#}
{% macro date_difference(part, first, second) -%}
    {%- set part = argument_of('date_difference', 'part', part, ['day', 'month', 'quarter', 'year', 'hour', 'minute', 'second']) -%}
    {{ boundaries_between(part, first, second) }}
{%- endmacro %}
