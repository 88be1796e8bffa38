{#-
    The one whole number of a value that is no text, the same on every warehouse, for fingerprints. Far cheaper than the text of
    key_text.

    Arguments: expression; kind is integer, flag, date (days since 1970-01-01), timestamp (microseconds since then) or decimal
        (in units of its last digit); scale of the decimal, 0 to 9.
    Gives: integer.
    NULL: NULL.
    Edges: different values of a kind have different numbers; a decimal has at most 18 digits.
    Example: key_number("cast(-0.5 as decimal(18,4))", 'decimal') gives -5000.
    Made of: data_type, decimal_number, date_difference, date_literal, microseconds_of.
-#}
{% macro key_number(expression, kind, scale=4) -%}
    {%- set kind = argument_of('key_number', 'kind', kind, ['integer', 'flag', 'date', 'timestamp', 'decimal']) -%}
    {%- if kind in ('integer', 'flag') -%}
    cast({{ expression }} as {{ data_type('integer') }})
    {%- elif kind == 'decimal' -%}
    {{ decimal_number(expression, whole_number_of('key_number', 'scale', scale, 0, 9)) }}
    {%- elif kind == 'date' -%}
    {{ date_difference('day', date_literal('1970-01-01'), expression) }}
    {%- else -%}
    {{ microseconds_of(expression) }}
    {%- endif -%}
{%- endmacro %}
