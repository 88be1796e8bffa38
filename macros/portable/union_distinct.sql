{#-
    The set operator UNION, without repeated rows; BigQuery wants the word DISTINCT, the others do not know it.
-#}
{% macro union_distinct() -%}
    {{ return(adapter.dispatch('union_distinct', 'customer_360')()) }}
{%- endmacro %}

{% macro default__union_distinct() -%}
    {{ return(not_written_for_this_adapter('union_distinct')) }}
{%- endmacro %}

{% macro duckdb__union_distinct() -%}
    union
{%- endmacro %}

{% macro redshift__union_distinct() -%}
    union
{%- endmacro %}

{% macro synapse__union_distinct() -%}
    union
{%- endmacro %}

{% macro bigquery__union_distinct() -%}
    union distinct
{%- endmacro %}
