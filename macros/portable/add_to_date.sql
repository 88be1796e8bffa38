{#-
    The date plus a number (an expression, may be negative) of parts: day, week, month, quarter, year. Months clamp to the
    last day; a year is 12 months, because Redshift adds a year to 29 February its own way.
-#}
{% macro add_to_date(part, number, expression) -%}
    {%- set part = argument_of('add_to_date', 'part', part, ['day', 'week', 'month', 'quarter', 'year']) -%}
    {%- set times = {'day': 1, 'week': 7, 'month': 1, 'quarter': 3, 'year': 12}[part] -%}
    {%- set unit = 'day' if part in ('day', 'week') else 'month' -%}
    {%- set amount = number if times == 1 else '(' ~ number ~ ') * ' ~ times -%}
    cast({{ adapter.dispatch('shifted', 'customer_360')(unit, amount, expression) }} as {{ data_type('date') }})
{%- endmacro %}
