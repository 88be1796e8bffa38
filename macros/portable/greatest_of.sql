{#-
    The greatest of expressions of one type; NULLs are left out, all NULL gives NULL (warehouses disagree on NULL).
-#}
{% macro greatest_of(expressions) -%}
    {%- set result = namespace(sql=expressions[0]) -%}
    {%- for expression in expressions[1:] -%}
        {%- set result.sql = "case when " ~ expression ~ " is null or " ~ result.sql ~ " >= " ~ expression ~ " then " ~ result.sql ~ " else " ~ expression ~ " end" -%}
    {%- endfor -%}
    ({{ result.sql }})
{%- endmacro %}
