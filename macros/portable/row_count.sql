{#-
    Aggregate: number of rows as integer (COUNT is a 32-bit int on Synapse).
-#}
{% macro row_count() -%}
    {{ return(adapter.dispatch('row_count', 'customer_360')()) }}
{%- endmacro %}

{% macro default__row_count() -%}
    {{ return(not_written_for_this_adapter('row_count')) }}
{%- endmacro %}

{% macro duckdb__row_count() -%}
    cast(count(*) as bigint)
{%- endmacro %}

{% macro redshift__row_count() -%}
    cast(count(*) as bigint)
{%- endmacro %}

{% macro synapse__row_count() -%}
    count_big(*)
{%- endmacro %}

{% macro bigquery__row_count() -%}
    count(*)
{%- endmacro %}
