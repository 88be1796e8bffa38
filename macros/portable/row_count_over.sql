{#-
    Window: number of rows of the partition.

    Arguments: partition_by, SQL columns.
    Gives: integer.
    NULL: NULLs are a partition of their own.
    Edges: below 2,147,483,648 rows a partition: COUNT is a 32-bit int on Synapse.
    Example: (select min(n) from (select {{ row_count_over('x') }} as n from (select 1 as x) as u) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/queries/select-over-clause-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/window-function-calls
    DuckDB: https://duckdb.org/docs/stable/sql/functions/window_functions
-#}
{% macro row_count_over(partition_by) -%}
    cast(count(*) over (partition by {{ partition_by }}) as {{ data_type('integer') }})
{%- endmacro %}
