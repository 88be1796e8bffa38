{#-
    A timestamp constant; value is a Jinja string 'YYYY-MM-DD HH:MM:SS', UTC.
-#}
{% macro timestamp_literal(value) -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?$', value ~ '') -%}
        {{ exceptions.raise_compiler_error("Macro timestamp_literal: '" ~ value ~ "' is no timestamp; write it like '2017-01-31 00:00:00'.") }}
    {%- endif -%}
    cast('{{ value }}' as {{ data_type('timestamp') }})
{%- endmacro %}
