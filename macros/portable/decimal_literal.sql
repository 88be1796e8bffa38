{#-
    A decimal constant. BigQuery would read a bare 1.5 as a float.

    Arguments: value, a Jinja text like '-1.5'; precision and scale as data_type takes them.
    Gives: decimal(precision, scale).
    NULL: a value of none is refused.
    Edges: more digits than precision and scale hold are refused, before and after the point.
    Example: decimal_literal('-1.5', 18, 4) gives -1.5000.
    Made of: data_type.
-#}
{% macro decimal_literal(value, precision=18, scale=4) -%}
    {%- set parts = modules.re.match('^-?0*([0-9]*)(?:[.]([0-9]+))?$', value ~ '') -%}
    {%- if not parts or not (value ~ '')[-1:].isdigit() or not (value ~ '').lstrip('-')[:1].isdigit() -%}
        {{ exceptions.raise_compiler_error("Macro decimal_literal: '" ~ value ~ "' is no decimal number; write it like '1.5'.") }}
    {%- endif -%}
    {%- if parts.group(1) | length > precision - scale or (parts.group(2) or '') | length > scale -%}
        {{ exceptions.raise_compiler_error("Macro decimal_literal: '" ~ value ~ "' has more digits than decimal(" ~ precision ~ "," ~ scale ~ ") holds.") }}
    {%- endif -%}
    cast('{{ value }}' as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
