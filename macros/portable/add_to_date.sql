{#-
    The date plus a number of parts. Months clamp to the last day; a year is 12 months, because Redshift adds a year to
    29 February its own way.

    Arguments: part is day, week, month, quarter or year; number, an integer expression, may be negative, at most
        2,147,483,647 days or months; expression, a date or timestamp.
    Gives: date.
    NULL: NULL when the number or the date is.
    Edges: 31 January plus a month is the last day of February; the time of a timestamp is dropped.
    Example: add_to_date('month', 1, "cast('2017-01-31' as date)") gives 2017-02-28.
    Made of: shifted.
-#}
{% macro add_to_date(part, number, expression) -%}
    {%- set part = argument_of('add_to_date', 'part', part, ['day', 'week', 'month', 'quarter', 'year']) -%}
    {%- set times = {'day': 1, 'week': 7, 'month': 1, 'quarter': 3, 'year': 12}[part] -%}
    {%- set unit = 'day' if part in ('day', 'week') else 'month' -%}
    {%- set amount = number if times == 1 else '(' ~ number ~ ') * ' ~ times -%}
    cast({{ shifted(unit, amount, expression) }} as {{ data_type('date') }})
{%- endmacro %}
