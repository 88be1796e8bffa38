{#-
    The one text of a value, the same on every warehouse, for keys and comparisons.
    kinds: text as it is; integer and flag '-12'; date 'YYYY-MM-DD'; timestamp 'YYYY-MM-DD HH:MM:SS.ffffff';
    decimal with exactly scale digits, '-0.5000'. NULL gives NULL.
-#}
{% macro key_text(expression, kind, scale=4) -%}
    {%- set kind = argument_of('key_text', 'kind', kind, ['text', 'integer', 'flag', 'date', 'timestamp', 'decimal']) -%}
    {%- if kind == 'text' -%}
    {{ expression }}
    {%- elif kind in ('integer', 'flag') -%}
    cast(cast({{ expression }} as {{ data_type('integer') }}) as {{ data_type('text', 20) }})
    {%- elif kind == 'decimal' -%}
    {{ adapter.dispatch('decimal_text', 'customer_360')(expression, whole_number_of('key_text', 'scale', scale, 1, 9)) }}
    {%- elif kind == 'date' -%}
    {{ adapter.dispatch('date_text', 'customer_360')(expression) }}
    {%- else -%}
    {{ adapter.dispatch('timestamp_text', 'customer_360')(expression) }}
    {%- endif -%}
{%- endmacro %}
