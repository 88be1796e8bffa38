{#-
    The whole number a text holds: an optional sign and 1 to 18 digits; else NULL.

    Arguments: expression, a text.
    Gives: integer.
    NULL: NULL.
    Edges: ' 1', '1.0', '1e3', '0x10', '1_000' and '' give NULL, although some warehouse would cast each of them.
    Example: try_integer("'-12'") gives -12.
    Made of: consists_only_of, text_length, forgiving_cast.
-#}
{% macro try_integer(expression) -%}
    {%- set digits = "case when left(" ~ expression ~ ", 1) in ('+', '-') then substring(" ~ expression ~ ", 2, 40) else " ~ expression ~ " end" -%}
    case
        when {{ consists_only_of(digits, '0123456789') }} and {{ text_length(digits) }} <= 18
            then {{ forgiving_cast(expression, data_type('integer')) }}
    end
{%- endmacro %}
