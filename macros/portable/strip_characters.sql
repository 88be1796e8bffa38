{#-
    The text without any of the listed characters, as nested replaces: no warehouse needs a regular expression.

    Arguments: expression, a text; characters, a Jinja text.
    Gives: text.
    NULL: NULL.
    Edges: what is left may be ''; case counts.
    Example: strip_characters("'a-b c'", '- ') gives abc.
    Made of: text_literal.
-#}
{% macro strip_characters(expression, characters) -%}
    {%- set result = namespace(sql=expression) -%}
    {%- for character in characters -%}
        {%- set result.sql = "replace(" ~ result.sql ~ ", " ~ text_literal(character) ~ ", '')" -%}
    {%- endfor -%}
    {{ result.sql }}
{%- endmacro %}
