{#-
    The month of the year.

    Arguments: expression, a date or timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: 1 to 12.
    Example: month_of("cast('2017-01-31' as date)") gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#extract
    DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart
-#}
{% macro month_of(expression) -%}
    {{ return(adapter.dispatch('month_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__month_of(expression) -%}
    {{ return(not_written_for_this_adapter('month_of')) }}
{%- endmacro %}

{% macro duckdb__month_of(expression) -%}
    cast(extract(month from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__month_of(expression) -%}
    cast(extract(month from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__month_of(expression) -%}
    cast(datepart(month, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__month_of(expression) -%}
    extract(month from {{ expression }})
{%- endmacro %}
