{#-
    Aggregate: sum of decimals.

    Arguments: expression, a decimal; precision and scale of the result.
    Gives: decimal(precision, scale).
    NULL: NULL is left out; NULL for no rows.
    Edges: exact.
    Example: (select {{ sum_decimal('x', 18, 4) }} from (select cast('0.1' as decimal(18,4)) as x) as t) gives 0.1000.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/sum-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions#sum
    DuckDB: https://duckdb.org/docs/stable/sql/functions/aggregates
-#}
{% macro sum_decimal(expression, precision=18, scale=4) -%}
    cast(sum({{ expression }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
