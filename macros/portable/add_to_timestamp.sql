{#-
    The timestamp plus a number (an expression, may be negative) of parts: second, minute, hour, day, week, month, quarter, year.
-#}
{% macro add_to_timestamp(part, number, expression) -%}
    {%- set part = argument_of('add_to_timestamp', 'part', part, ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']) -%}
    {%- set times = {'week': 7, 'quarter': 3, 'year': 12}.get(part, 1) -%}
    {%- set unit = {'week': 'day', 'quarter': 'month', 'year': 'month'}.get(part, part) -%}
    {%- set amount = number if times == 1 else '(' ~ number ~ ') * ' ~ times -%}
    cast({{ adapter.dispatch('shifted', 'customer_360')(unit, amount, expression) }} as {{ data_type('timestamp') }})
{%- endmacro %}
