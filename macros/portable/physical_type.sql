{#-
    The physical type of a type as contracts write it.

    Arguments: contract_type, a Jinja text: text(40), integer, decimal(18,4), date, timestamp or flag.
    Gives: the name of a type, in Jinja.
    NULL: a value of none is refused.
    Edges: blanks around it, and after the comma, are allowed.
    Example: cast('1' as {{ physical_type('integer') }}) gives 1.
    Made of: data_type.
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
