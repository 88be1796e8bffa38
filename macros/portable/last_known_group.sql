{#-
    Window: the number of values that are not NULL up to and including the row, which numbers the stretches between them; see last_known.

    Arguments: expression, of any kind; partition_by and order_by, SQL columns; the order must be total.
    Gives: integer.
    NULL: NULL is not counted.
    Edges: 0 before the first value; ROWS is written out, because Redshift wants a frame.
    Example: (select min(a) from (select {{ last_known_group('a', 'a', 'a') }} as a from (select 5 as a) as u) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/queries/select-over-clause-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/window-function-calls
    DuckDB: https://duckdb.org/docs/stable/sql/functions/window_functions
-#}
{% macro last_known_group(expression, partition_by, order_by) -%}
    count({{ expression }}) over (partition by {{ partition_by }} order by {{ order_by }} rows between unbounded preceding and current row)
{%- endmacro %}
