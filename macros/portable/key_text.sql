{#-
    The one text of a value, the same on every warehouse, for keys and comparisons.

    Arguments: expression; kind is text (as it is), integer or flag ('-12'), date ('YYYY-MM-DD'), timestamp ('YYYY-MM-DD
        HH:MM:SS.ffffff') or decimal (exactly scale digits, '-0.5000'); scale, 1 to 9.
    Gives: text.
    NULL: NULL.
    Edges: different values of a kind have different texts.
    Example: key_text("cast(-0.5 as decimal(18,4))", 'decimal') gives -0.5000.
    Made of: data_type, date_text, timestamp_text, decimal_text.
-#}
{% macro key_text(expression, kind, scale=4) -%}
    {%- set kind = argument_of('key_text', 'kind', kind, ['text', 'integer', 'flag', 'date', 'timestamp', 'decimal']) -%}
    {%- if kind == 'text' -%}
    {{ expression }}
    {%- elif kind in ('integer', 'flag') -%}
    cast(cast({{ expression }} as {{ data_type('integer') }}) as {{ data_type('text', 20) }})
    {%- elif kind == 'decimal' -%}
    {{ decimal_text(expression, whole_number_of('key_text', 'scale', scale, 1, 9)) }}
    {%- elif kind == 'date' -%}
    {{ date_text(expression) }}
    {%- else -%}
    {{ timestamp_text(expression) }}
    {%- endif -%}
{%- endmacro %}
