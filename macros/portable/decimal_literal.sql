{#-
    A decimal constant; value is a Jinja string like '1.5'. BigQuery would read a bare 1.5 as a float.
-#}
{% macro decimal_literal(value, precision=18, scale=4) -%}
    {%- if not modules.re.match('^-?[0-9]+([.][0-9]+)?$', value ~ '') -%}
        {{ exceptions.raise_compiler_error("Macro decimal_literal: '" ~ value ~ "' is no decimal number; write it like '1.5'.") }}
    {%- endif -%}
    cast('{{ value }}' as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
