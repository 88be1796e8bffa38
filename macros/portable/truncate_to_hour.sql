{#-
    The timestamp at the start of its hour.

    Arguments: expression, a timestamp.
    Gives: timestamp.
    NULL: NULL.
    Edges: a UTC wall clock: hours of daylight saving are hours like others.
    Example: truncate_to_hour("cast('2017-01-31 23:59:59.9' as timestamp)") gives 2017-01-31 23:00:00.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_TRUNC.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/dateadd-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions#datetime_trunc
    DuckDB: https://duckdb.org/docs/stable/sql/functions/timestamp
-#}
{% macro truncate_to_hour(expression) -%}
    {{ return(adapter.dispatch('truncate_to_hour', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__truncate_to_hour(expression) -%}
    {{ return(not_written_for_this_adapter('truncate_to_hour')) }}
{%- endmacro %}

{% macro duckdb__truncate_to_hour(expression) -%}
    date_trunc('hour', cast({{ expression }} as timestamp))
{%- endmacro %}

{% macro redshift__truncate_to_hour(expression) -%}
    date_trunc('hour', {{ expression }})
{%- endmacro %}

{% macro synapse__truncate_to_hour(expression) -%}
    dateadd(hour, datediff(hour, 0, {{ expression }}), cast('1900-01-01' as datetime2(6)))
{%- endmacro %}

{% macro bigquery__truncate_to_hour(expression) -%}
    datetime_trunc(cast({{ expression }} as datetime), hour)
{%- endmacro %}
