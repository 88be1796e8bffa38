{#-
    Aggregate: number of different values.

    Arguments: expression, of any kind.
    Gives: integer.
    NULL: NULL is not counted.
    Edges: no rows give 0; texts differ by case and accent.
    Example: (select {{ count_distinct('x') }} from (select 1 as x union all select 1) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_COUNT.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/count-big-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions#count
    DuckDB: https://duckdb.org/docs/stable/sql/functions/aggregates
-#}
{% macro count_distinct(expression) -%}
    {{ return(adapter.dispatch('count_distinct', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__count_distinct(expression) -%}
    {{ return(not_written_for_this_adapter('count_distinct')) }}
{%- endmacro %}

{% macro duckdb__count_distinct(expression) -%}
    cast(count(distinct {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__count_distinct(expression) -%}
    cast(count(distinct {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__count_distinct(expression) -%}
    count_big(distinct {{ expression }})
{%- endmacro %}

{% macro bigquery__count_distinct(expression) -%}
    count(distinct {{ expression }})
{%- endmacro %}
