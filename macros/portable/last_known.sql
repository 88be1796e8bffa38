{#-
    Window: the newest value that is not NULL up to and including the row: what IGNORE NULLS would give, which Synapse does not have.
    Goes over a column that last_known_group made in a CTE before; each stretch of it has one value.

    Arguments: expression, of any kind; partition_by, SQL columns; group_column, what last_known_group gave.
    Gives: the kind of the expression.
    NULL: NULL until the first value.
    Edges: none.
    Example: (select min(a) from (select {{ last_known('a', 'b', 'b') }} as a from (select 1 as a, 1 as b) as u) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/queries/select-over-clause-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/window-function-calls
    DuckDB: https://duckdb.org/docs/stable/sql/functions/window_functions
-#}
{% macro last_known(expression, partition_by, group_column) -%}
    max({{ expression }}) over (partition by {{ partition_by }}, {{ group_column }})
{%- endmacro %}
