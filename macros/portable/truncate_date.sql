{#-
    The first day of the part that holds the date, as date. parts: day, week (Monday), month, quarter, year.
-#}
{% macro truncate_date(part, expression) -%}
    {%- set part = argument_of('truncate_date', 'part', part, ['day', 'week', 'month', 'quarter', 'year']) -%}
    {%- if part == 'day' -%}{{ date_of(expression) }}
    {%- elif part == 'week' -%}{{ week_start(expression) }}
    {%- else -%}{{ adapter.dispatch('start_of', 'customer_360')(part, expression) }}
    {%- endif -%}
{%- endmacro %}
