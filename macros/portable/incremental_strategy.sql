{#-
    The strategy that replaces rows by key: dbt has no one name for it on all four. The unique key must be unique in a batch.
-#}
{% macro incremental_strategy() -%}
    {{ return(adapter.dispatch('incremental_strategy', 'customer_360')()) }}
{%- endmacro %}

{% macro default__incremental_strategy() -%}
    {{ return(not_written_for_this_adapter('incremental_strategy')) }}
{%- endmacro %}

{% macro duckdb__incremental_strategy() -%}
    {{ return('delete+insert') }}
{%- endmacro %}

{% macro redshift__incremental_strategy() -%}
    {{ return('delete+insert') }}
{%- endmacro %}

{% macro synapse__incremental_strategy() -%}
    {{ return('delete+insert') }}
{%- endmacro %}

{% macro bigquery__incremental_strategy() -%}
    {{ return('merge') }}
{%- endmacro %}
