{#-
    The first day of the part that holds the date.

    Arguments: part is day, week (Monday), month, quarter or year; expression, a date or timestamp from 1900-01-01 on.
    Gives: date.
    NULL: NULL.
    Edges: a Sunday belongs to the week before it.
    Example: truncate_date('week', "cast('2017-01-01' as date)") gives 2016-12-26.
    Made of: date_of, week_start, start_of.
-#}
{% macro truncate_date(part, expression) -%}
    {%- set part = argument_of('truncate_date', 'part', part, ['day', 'week', 'month', 'quarter', 'year']) -%}
    {%- if part == 'day' -%}{{ date_of(expression) }}
    {%- elif part == 'week' -%}{{ week_start(expression) }}
    {%- else -%}{{ start_of(part, expression) }}
    {%- endif -%}
{%- endmacro %}
