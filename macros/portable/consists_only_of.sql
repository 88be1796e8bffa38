{#-
    Predicate: the text has at least one character, and only listed ones. NULL and '' give false.
-#}
{% macro consists_only_of(expression, characters) -%}
    (coalesce({{ strip_characters(expression, characters) }}, '!') = '' and coalesce({{ expression }}, '') <> '')
{%- endmacro %}
