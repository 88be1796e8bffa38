{#-
    A small constant table: rows is a list of lists of SQL expressions, names the column names. UNION ALL, because VALUES as a
    table exists neither on Redshift nor on Synapse; the first row gives the types, so cast there.
-#}
{% macro inline_rows(rows, names) -%}
    {%- for row in rows %}
    select {% for expression in row %}{{ expression }} as {{ names[loop.index0] }}{{ ", " if not loop.last }}{% endfor %}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
{%- endmacro %}
