{#-
    The strategy that replaces rows by key: dbt has no one name for it on all four. The unique key must be unique in a batch.

    Arguments: none.
    Gives: 'merge' on BigQuery, else 'delete+insert', in Jinja.
    NULL: not a value.
    Edges: none.
    Example: incremental_strategy() gives delete+insert.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
    Synapse: https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax#merge_statement
    DuckDB: https://duckdb.org/docs/stable/sql/statements/merge_into
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
