{#-
    A staged text: white space becomes blanks, blanks at both ends go, '' becomes NULL, cut at max_length
    characters, typed. After it no text is empty or ends in a blank, so warehouses cannot disagree on either.
    Example: text("'  a' || chr(9)", 10) gives 'a'.
-#}
{% macro text(expression, max_length) -%}
    {%- set clean = trimmed('left(' ~ trimmed(blank_for_white_space(expression)) ~ ', ' ~ whole_number_of('text', 'max_length', max_length, 1, 4000) ~ ')') -%}
    cast(nullif({{ clean }}, '') as {{ data_type('text', max_length) }})
{%- endmacro %}
