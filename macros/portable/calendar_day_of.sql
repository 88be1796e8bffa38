{#-
    The text itself when it begins with a day of the calendar, YYYY-MM-DD; a compile error that names the macro otherwise.

    Arguments: macro_name, for the sentence; value, a Jinja text.
    Gives: the value, in Jinja.
    NULL: a value of none is refused.
    Edges: leap days are known, 1900-02-29 is refused.
    Example: calendar_day_of('m', '2016-02-29') gives 2016-02-29.
    Made of: Jinja.
-#}
{% macro calendar_day_of(macro_name, value) -%}
    {%- set found = modules.re.match('^([0-9]{4})-([0-9]{2})-([0-9]{2})', value ~ '') -%}
    {%- set year, month, day = (found.group(1) | int, found.group(2) | int, found.group(3) | int) if found else (0, 0, 0) -%}
    {%- set february = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28 -%}
    {%- set days = [0, 31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {%- if year < 1 or month < 1 or month > 12 or day < 1 or day > days[month] -%}
        {{ exceptions.raise_compiler_error("Macro " ~ macro_name ~ ": '" ~ value ~ "' is no day of the calendar; write it like '2017-01-31'.") }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
