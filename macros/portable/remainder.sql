{#-
    The remainder of integer_divide, with the sign of the dividend.

    Arguments: left and right, integers.
    Gives: integer.
    NULL: NULL when either is.
    Edges: NULL when right is 0.
    Example: remainder('-7', '2') gives -1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_MOD.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/modulo-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/mathematical_functions#mod
    DuckDB: https://duckdb.org/docs/stable/sql/functions/numeric
-#}
{% macro remainder(left, right) -%}
    {{ return(adapter.dispatch('remainder', 'customer_360')(left, right)) }}
{%- endmacro %}

{% macro default__remainder(left, right) -%}
    {{ return(not_written_for_this_adapter('remainder')) }}
{%- endmacro %}

{% macro duckdb__remainder(left, right) -%}
    (cast({{ left }} as bigint) % nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro redshift__remainder(left, right) -%}
    mod(cast({{ left }} as bigint), nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro synapse__remainder(left, right) -%}
    (cast({{ left }} as bigint) % nullif(cast({{ right }} as bigint), 0))
{%- endmacro %}

{% macro bigquery__remainder(left, right) -%}
    mod(cast({{ left }} as int64), nullif(cast({{ right }} as int64), 0))
{%- endmacro %}
