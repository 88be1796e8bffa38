{#-
    Predicate: the values differ, NULL being a value of its own. Never NULL; symmetric.
-#}
{% macro is_different(left, right) -%}
    (case when {{ left }} = {{ right }} or ({{ left }} is null and {{ right }} is null) then 0 else 1 end = 1)
{%- endmacro %}
