{#-
    The value itself when it is one of the allowed ones; a compile error that names macro, argument and the allowed values otherwise.

    Arguments: macro_name and argument, for the sentence; value; allowed, a list.
    Gives: the value, in Jinja.
    NULL: a value of none is refused unless it is listed.
    Edges: case counts: lower-case values only.
    Example: argument_of('m', 'part', 'day', ['day']) gives day.
    Made of: Jinja.
-#}
{% macro argument_of(macro_name, argument, value, allowed) -%}
    {%- if value not in allowed -%}
        {{ exceptions.raise_compiler_error(
            "Macro " ~ macro_name ~ ": " ~ argument ~ " is '" ~ value ~ "'; it must be one of " ~ allowed | join(", ") ~ "."
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
