{#-
    The date as the integer yyyymmdd.
-#}
{% macro date_number(expression) -%}
    ({{ year_of(expression) }} * 10000 + {{ month_of(expression) }} * 100 + {{ day_of(expression) }})
{%- endmacro %}
