{#-
    The day of the month.

    Arguments: expression, a date or timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: 1 to 31.
    Example: day_of("cast('2017-01-31' as date)") gives 31.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#extract
    DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart
-#}
{% macro day_of(expression) -%}
    {{ return(adapter.dispatch('day_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__day_of(expression) -%}
    {{ return(not_written_for_this_adapter('day_of')) }}
{%- endmacro %}

{% macro duckdb__day_of(expression) -%}
    cast(extract(day from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__day_of(expression) -%}
    cast(extract(day from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__day_of(expression) -%}
    cast(datepart(day, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__day_of(expression) -%}
    extract(day from {{ expression }})
{%- endmacro %}
