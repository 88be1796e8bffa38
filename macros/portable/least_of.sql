{#-
    The least of expressions of one type.

    Arguments: expressions, a list of one or more, each written several times into the SQL.
    Gives: their type.
    NULL: NULL is left out; all NULL gives NULL (LEAST of the warehouses disagrees).
    Edges: texts compare by code point.
    Example: least_of(['3', '1', '2']) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_GREATEST_LEAST.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/case-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/conditional_expressions#case_expr
    DuckDB: https://duckdb.org/docs/stable/sql/expressions/case
-#}
{% macro least_of(expressions) -%}
    {%- if not expressions or expressions is string -%}
        {{ exceptions.raise_compiler_error("Macro least_of: expressions is '" ~ expressions ~ "'; it must be a list of one or more.") }}
    {%- endif -%}
    {%- if expressions | length == 1 -%}({{ expressions[0] }})
    {%- else -%}
    case
        {%- for candidate in expressions %}
        when {{ candidate }} is not null
            {%- for other in expressions if other != candidate %} and ({{ other }} is null or {{ candidate }} <= {{ other }}){% endfor %} then {{ candidate }}
        {%- endfor %}
    end
    {%- endif -%}
{%- endmacro %}
