{#-
    The key of the unknown member of every dimension: facts point there when their own member is missing or erased.
-#}
{% macro unknown_key() -%}
    {{ surrogate_key(["'unknown'"]) }}
{%- endmacro %}
