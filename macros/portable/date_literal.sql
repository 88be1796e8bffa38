{#-
    A date constant; value is a Jinja string 'YYYY-MM-DD'. Synapse has no DATE 'x'.
-#}
{% macro date_literal(value) -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', value ~ '') -%}
        {{ exceptions.raise_compiler_error("Macro date_literal: '" ~ value ~ "' is no date; write it like '2017-01-31'.") }}
    {%- endif -%}
    cast('{{ value }}' as {{ data_type('date') }})
{%- endmacro %}
