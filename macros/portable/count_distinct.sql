{#-
    Aggregate: number of different values that are not NULL, as integer.
-#}
{% macro count_distinct(expression) -%}
    {{ return(adapter.dispatch('count_distinct', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__count_distinct(expression) -%}
    {{ return(not_written_for_this_adapter('count_distinct')) }}
{%- endmacro %}

{% macro duckdb__count_distinct(expression) -%}
    cast(count(distinct {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__count_distinct(expression) -%}
    cast(count(distinct {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__count_distinct(expression) -%}
    count_big(distinct {{ expression }})
{%- endmacro %}

{% macro bigquery__count_distinct(expression) -%}
    count(distinct {{ expression }})
{%- endmacro %}
