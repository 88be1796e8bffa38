{#-
    The n-th part (1 to 9) of a text split at a delimiter of one character; a part may be ''. NULL beyond the last.
    Example: text_part("'a@b'", '@', 2) gives 'b'.
-#}
{% macro text_part(expression, delimiter, part) -%}
    {%- if delimiter | length != 1 -%}
        {{ exceptions.raise_compiler_error("Macro text_part: delimiter is '" ~ delimiter ~ "'; it must be one character.") }}
    {%- endif -%}
    {{ return(adapter.dispatch('part_of_text', 'customer_360')(expression, delimiter, whole_number_of('text_part', 'part', part, 1, 9))) }}
{%- endmacro %}
