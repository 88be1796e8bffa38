{#-
    The text without any of the listed characters, as nested replaces: no warehouse needs a regular expression.
-#}
{% macro strip_characters(expression, characters) -%}
    {%- set result = namespace(sql=expression) -%}
    {%- for character in characters -%}
        {%- set result.sql = "replace(" ~ result.sql ~ ", " ~ text_literal(character) ~ ", '')" -%}
    {%- endfor -%}
    {{ result.sql }}
{%- endmacro %}
