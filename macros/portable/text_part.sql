{#-
    The n-th part of a text split at a delimiter.

    Arguments: expression, a text; delimiter, one character; part, 1 to 9.
    Gives: text.
    NULL: NULL.
    Edges: a part may be ''; NULL beyond the last; parts are not trimmed.
    Example: text_part("'a@b'", '@', 2) gives b.
    Made of: part_of_text.
-#}
{% macro text_part(expression, delimiter, part) -%}
    {%- if delimiter | length != 1 -%}
        {{ exceptions.raise_compiler_error("Macro text_part: delimiter is '" ~ delimiter ~ "'; it must be one character.") }}
    {%- endif -%}
    {{ return(part_of_text(expression, delimiter, whole_number_of('text_part', 'part', part, 1, 9))) }}
{%- endmacro %}
