{#-
    Whole-number division, cut toward zero.

    Arguments: left and right, integers.
    Gives: integer.
    NULL: NULL when either is.
    Edges: NULL when right is 0; the least integer by -1 overflows everywhere.
    Example: integer_divide('-7', '2') gives -3.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/divide-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/mathematical_functions#div
    DuckDB: https://duckdb.org/docs/stable/sql/functions/numeric
-#}
{% macro integer_divide(left, right) -%}
    {{ return(adapter.dispatch('integer_divide', 'customer_360')(left, right)) }}
{%- endmacro %}

{% macro default__integer_divide(left, right) -%}
    {{ return(not_written_for_this_adapter('integer_divide')) }}
{%- endmacro %}

{% macro duckdb__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) // nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro redshift__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) / nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro synapse__integer_divide(left, right) -%}
    (cast({{ left }} as bigint) / nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro bigquery__integer_divide(left, right) -%}
    div(cast({{ left }} as int64), nullif(cast({{ right }} as int64), 0))
{%- endmacro %}
