{#-
    The physical type of a type as contracts write it: text(40), integer, decimal(18,4), date, timestamp, flag.
-#}
{% macro physical_type(contract_type) -%}
    {%- set parts = modules.re.match('^([a-z]+)(?:[(]([0-9]+)(?:,[ ]*([0-9]+))?[)])?$', contract_type | trim) -%}
    {%- if not parts -%}
        {{ exceptions.raise_compiler_error(
            "Macro physical_type: '" ~ contract_type ~ "' is no type of a contract; write text(40), integer, decimal(18,4), date, timestamp or flag."
        ) }}
    {%- endif -%}
    {%- set length_or_precision = parts.group(2) | int if parts.group(2) else none -%}
    {%- set scale = parts.group(3) | int if parts.group(3) else none -%}
    {{ return(data_type(parts.group(1), length_or_precision, scale)) }}
{%- endmacro %}
