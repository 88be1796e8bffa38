{#-
    The value itself when it is one of the allowed ones; a compile error that names macro, argument and
    the allowed values otherwise. Lower-case values only.
-#}
{% macro argument_of(macro_name, argument, value, allowed) -%}
    {%- if value not in allowed -%}
        {{ exceptions.raise_compiler_error(
            "Macro " ~ macro_name ~ ": " ~ argument ~ " is '" ~ value ~ "'; it must be one of " ~ allowed | join(", ") ~ "."
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
