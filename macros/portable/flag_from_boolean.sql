{#-
    1, 0 or NULL from a boolean column of the warehouse (bit on Synapse).

    Arguments: expression, a boolean.
    Gives: flag.
    NULL: NULL.
    Edges: none.
    Example: flag_from_boolean('(1 = 1)') gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Boolean_type.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/bit-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#boolean_type
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/boolean
-#}
{% macro flag_from_boolean(expression) -%}
    {{ return(adapter.dispatch('flag_from_boolean', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__flag_from_boolean(expression) -%}
    {{ return(not_written_for_this_adapter('flag_from_boolean')) }}
{%- endmacro %}

{% macro duckdb__flag_from_boolean(expression) -%}
    cast(case when {{ expression }} then 1 when not {{ expression }} then 0 end as smallint)
{%- endmacro %}

{% macro redshift__flag_from_boolean(expression) -%}
    cast(case when {{ expression }} then 1 when not {{ expression }} then 0 end as smallint)
{%- endmacro %}

{% macro synapse__flag_from_boolean(expression) -%}
    cast({{ expression }} as smallint)
{%- endmacro %}

{% macro bigquery__flag_from_boolean(expression) -%}
    case when {{ expression }} then 1 when not {{ expression }} then 0 end
{%- endmacro %}
