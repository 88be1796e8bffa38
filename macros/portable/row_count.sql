{#-
    Aggregate: number of rows (COUNT is a 32-bit int on Synapse).

    Arguments: none.
    Gives: integer.
    NULL: rows of NULLs count.
    Edges: no rows give 0.
    Example: (select {{ row_count() }} from (select 1 as x) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_COUNT.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/count-big-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions#count
    DuckDB: https://duckdb.org/docs/stable/sql/functions/aggregates
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
