{#-
    Microseconds from 1970-01-01 00:00:00 to a timestamp.

    Arguments: expression, a timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: negative before 1970; years 1000 to 9999.
    Example: microseconds_of("cast('1970-01-01 00:00:01.5' as timestamp)") gives 1500000.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datediff-big-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions#datetime_diff
    DuckDB: https://duckdb.org/docs/stable/sql/functions/timestamp
-#}
{% macro microseconds_of(expression) -%}
    {{ return(adapter.dispatch('microseconds_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__microseconds_of(expression) -%}
    {{ return(not_written_for_this_adapter('microseconds_of')) }}
{%- endmacro %}

{% macro duckdb__microseconds_of(expression) -%}
    epoch_us(cast({{ expression }} as timestamp))
{%- endmacro %}

{% macro redshift__microseconds_of(expression) -%}
    cast(datediff(microsecond, cast('1970-01-01 00:00:00' as timestamp), cast({{ expression }} as timestamp)) as bigint)
{%- endmacro %}

{% macro synapse__microseconds_of(expression) -%}
    datediff_big(microsecond, cast('1970-01-01 00:00:00' as datetime2(6)), cast({{ expression }} as datetime2(6)))
{%- endmacro %}

{% macro bigquery__microseconds_of(expression) -%}
    datetime_diff(cast({{ expression }} as datetime), cast('1970-01-01 00:00:00' as datetime), microsecond)
{%- endmacro %}
