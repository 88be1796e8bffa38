{#-
    Predicate: the values differ, NULL being a value of its own; symmetric.

    Arguments: left and right, of one kind.
    Gives: a predicate, never NULL.
    NULL: NULL differs from every value, and not from NULL.
    Edges: case and accents make a difference; blanks at the end do not on Redshift and Synapse, so stage texts first (text).
    Example: flag(is_different('1', '2')) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_CASE_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/case-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/conditional_expressions#case_expr
    DuckDB: https://duckdb.org/docs/stable/sql/expressions/case
-#}
{% macro is_different(left, right) -%}
    (case when {{ left }} = {{ right }} or ({{ left }} is null and {{ right }} is null) then 0 else 1 end = 1)
{%- endmacro %}
