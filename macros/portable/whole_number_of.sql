{#-
    The value itself when it is a literal whole number between least and most; a compile error that names macro and argument otherwise.

    Arguments: macro_name and argument, for the sentence; value; least and most, whole numbers.
    Gives: the value, in Jinja.
    NULL: a value of none is refused.
    Edges: true, 1.0 and '1' are refused.
    Example: whole_number_of('m', 'scale', 4, 0, 9) gives 4.
    Made of: Jinja.
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
