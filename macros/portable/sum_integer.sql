{#-
    Aggregate: sum of whole numbers or flags. Synapse would overflow an int, DuckDB widen.

    Arguments: expression, an integer or flag.
    Gives: integer.
    NULL: NULL is left out; NULL for no rows.
    Edges: a sum beyond 64 bits is an error of the warehouse.
    Example: (select {{ sum_integer('x') }} from (select 2 as x) as t) gives 2.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/sum-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions#sum
    DuckDB: https://duckdb.org/docs/stable/sql/functions/aggregates
-#}
{% macro sum_integer(expression) -%}
    cast(sum(cast({{ expression }} as {{ data_type('integer') }})) as {{ data_type('integer') }})
{%- endmacro %}
