{#-
    The timestamp plus a number of parts; a wall clock in UTC, so no hour is lost or doubled by daylight saving.

    Arguments: part is second, minute, hour, day, week, month, quarter or year; number, an integer expression, may be
        negative, at most 2,147,483,647; expression, a timestamp or date.
    Gives: timestamp.
    NULL: NULL when the number or the timestamp is.
    Edges: microseconds are kept; months clamp to the last day; a year is 12 months.
    Example: add_to_timestamp('hour', -1, "cast('2017-01-01 00:30:00' as timestamp)") gives 2016-12-31 23:30:00.
    Made of: shifted.
-#}
{% macro add_to_timestamp(part, number, expression) -%}
    {%- set part = argument_of('add_to_timestamp', 'part', part, ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']) -%}
    {%- set times = {'week': 7, 'quarter': 3, 'year': 12}.get(part, 1) -%}
    {%- set unit = {'week': 'day', 'quarter': 'month', 'year': 'month'}.get(part, part) -%}
    {%- set amount = number if times == 1 else '(' ~ number ~ ') * ' ~ times -%}
    cast({{ shifted(unit, amount, expression) }} as {{ data_type('timestamp') }})
{%- endmacro %}
