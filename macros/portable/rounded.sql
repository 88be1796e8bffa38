{#-
    The decimal rounded half away from zero.

    Arguments: expression, a decimal; precision and scale (0 to 9) of the result.
    Gives: decimal(precision, scale).
    NULL: NULL.
    Edges: a result wider than precision is an error of the warehouse.
    Example: rounded("cast('2.5' as decimal(18,4))", 18, 0) gives 3.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_ROUND.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/round-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/mathematical_functions#round
    DuckDB: https://duckdb.org/docs/stable/sql/functions/numeric
-#}
{% macro rounded(expression, precision=18, scale=4) -%}
    cast(round({{ expression }}, {{ whole_number_of('rounded', 'scale', scale, 0, 9) }}) as {{ data_type('decimal', precision, scale) }})
{%- endmacro %}
