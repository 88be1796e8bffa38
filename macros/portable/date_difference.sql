{#-
    Boundaries of the part crossed from first to second, as integer: from 31 December to 1 January is one year. parts: day,
    month, quarter, year, hour, minute, second. No week: warehouses disagree when it starts; difference of week_start days by 7.
-#}
{% macro date_difference(part, first, second) -%}
    {%- set part = argument_of('date_difference', 'part', part, ['day', 'month', 'quarter', 'year', 'hour', 'minute', 'second']) -%}
    {{ adapter.dispatch('boundaries_between', 'customer_360')(part, first, second) }}
{%- endmacro %}
