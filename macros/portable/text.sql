{#-
    A staged text: white space becomes blanks, blanks at both ends go, '' becomes NULL, cut at max_length characters, typed. After it no
    text is empty or ends in a blank, so warehouses cannot disagree on either.

    Arguments: expression, a text; max_length, 1 to 4000 characters.
    Gives: text(max_length).
    NULL: NULL; '' and blanks alone give NULL too.
    Edges: blanks that the cut leaves at the end go; an emoji is one character, a combining accent another. Idempotent.
    Example: text("'  abc def '", 4) gives abc.
    Made of: trimmed, blank_for_white_space, data_type.
-#}
{% macro text(expression, max_length) -%}
    {%- set clean = trimmed('left(' ~ trimmed(blank_for_white_space(expression)) ~ ', ' ~ whole_number_of('text', 'max_length', max_length, 1, 4000) ~ ')') -%}
    cast(nullif({{ clean }}, '') as {{ data_type('text', max_length) }})
{%- endmacro %}
