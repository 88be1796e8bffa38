{#-
    The timestamp as text with microseconds; reached through key_text.

    Arguments: expression, a timestamp or date.
    Gives: text.
    NULL: NULL.
    Edges: always 26 characters; years 1000 to 9999.
    Example: timestamp_text("cast('2017-01-31 00:00:00.5' as timestamp)") gives 2017-01-31 00:00:00.500000.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions#format_datetime
    DuckDB: https://duckdb.org/docs/stable/sql/functions/dateformat
-#}
{% macro timestamp_text(expression) -%}
    {{ return(adapter.dispatch('timestamp_text', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__timestamp_text(expression) -%}
    {{ return(not_written_for_this_adapter('timestamp_text')) }}
{%- endmacro %}

{% macro duckdb__timestamp_text(expression) -%}
    strftime(cast({{ expression }} as timestamp), '%Y-%m-%d %H:%M:%S.%f')
{%- endmacro %}

{% macro redshift__timestamp_text(expression) -%}
    to_char(cast({{ expression }} as timestamp), 'YYYY-MM-DD HH24:MI:SS.US')
{%- endmacro %}

{% macro synapse__timestamp_text(expression) -%}
    convert(varchar(26), cast({{ expression }} as datetime2(6)), 121)
{%- endmacro %}

{% macro bigquery__timestamp_text(expression) -%}
    format_datetime('%Y-%m-%d %H:%M:%E6S', cast({{ expression }} as datetime))
{%- endmacro %}
