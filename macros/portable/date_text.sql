{#-
    The date as text YYYY-MM-DD; reached through key_text.

    Arguments: expression, a date or timestamp.
    Gives: text.
    NULL: NULL.
    Edges: years 1000 to 9999.
    Example: date_text("cast('2017-01-31' as date)") gives 2017-01-31.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#format_date
    DuckDB: https://duckdb.org/docs/stable/sql/functions/dateformat
-#}
{% macro date_text(expression) -%}
    {{ return(adapter.dispatch('date_text', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__date_text(expression) -%}
    {{ return(not_written_for_this_adapter('date_text')) }}
{%- endmacro %}

{% macro duckdb__date_text(expression) -%}
    strftime(cast({{ expression }} as date), '%Y-%m-%d')
{%- endmacro %}

{% macro redshift__date_text(expression) -%}
    to_char(cast({{ expression }} as date), 'YYYY-MM-DD')
{%- endmacro %}

{% macro synapse__date_text(expression) -%}
    convert(varchar(10), cast({{ expression }} as date), 23)
{%- endmacro %}

{% macro bigquery__date_text(expression) -%}
    format_date('%Y-%m-%d', cast({{ expression }} as date))
{%- endmacro %}
