{#-
    The set operator UNION, without repeated rows; BigQuery wants the word DISTINCT, the others do not know it.

    Arguments: none.
    Gives: a set operator.
    NULL: NULL equals NULL here.
    Edges: none.
    Example: (select {{ row_count() }} from (select 1 as a {{ union_distinct() }} select 1 as a) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/set-operators-union-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#union
    DuckDB: https://duckdb.org/docs/stable/sql/query_syntax/setops
-#}
{% macro union_distinct() -%}
    {{ return(adapter.dispatch('union_distinct', 'customer_360')()) }}
{%- endmacro %}

{% macro default__union_distinct() -%}
    {{ return(not_written_for_this_adapter('union_distinct')) }}
{%- endmacro %}

{% macro duckdb__union_distinct() -%}
    union
{%- endmacro %}

{% macro redshift__union_distinct() -%}
    union
{%- endmacro %}

{% macro synapse__union_distinct() -%}
    union
{%- endmacro %}

{% macro bigquery__union_distinct() -%}
    union distinct
{%- endmacro %}
