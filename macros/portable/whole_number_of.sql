{#-
    The value itself when it is a literal whole number between least and most; a compile error otherwise.
-#}
{% macro whole_number_of(macro_name, argument, value, least, most) -%}
    {%- if value is not integer or value is boolean or value < least or value > most -%}
        {{ exceptions.raise_compiler_error(
            "Macro " ~ macro_name ~ ": " ~ argument ~ " is '" ~ value ~ "'; it must be a whole number from "
            ~ least ~ " to " ~ most ~ "."
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
