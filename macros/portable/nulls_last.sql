{#-
    ORDER BY keys that put NULL last in both directions.

    Arguments: expression, of any kind; direction is asc or desc.
    Gives: two keys of an ORDER BY.
    NULL: last.
    Edges: texts sort by code point.
    Example: (select min(r) from (select row_number() over (order by {{ nulls_last('a', 'desc') }}) as r from (select 1 as a) as u) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_ORDER_BY_clause.html
    Synapse: https://learn.microsoft.com/sql/t-sql/queries/select-order-by-clause-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#order_by_clause
    DuckDB: https://duckdb.org/docs/stable/sql/query_syntax/orderby
-#}
{% macro nulls_last(expression, direction='asc') -%}
    case when {{ expression }} is null then 1 else 0 end, {{ expression }} {{ argument_of('nulls_last', 'direction', direction, ['asc', 'desc']) }}
{%- endmacro %}
