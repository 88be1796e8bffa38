{#-
    The last day of the month that holds the date.

    Arguments: expression, a date or timestamp.
    Gives: date.
    NULL: NULL.
    Edges: leap years are known.
    Example: last_day_of_month("cast('2016-02-01' as date)") gives 2016-02-29.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_LAST_DAY.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/eomonth-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#last_day
    DuckDB: https://duckdb.org/docs/stable/sql/functions/date
-#}
{% macro last_day_of_month(expression) -%}
    {{ return(adapter.dispatch('last_day_of_month', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__last_day_of_month(expression) -%}
    {{ return(not_written_for_this_adapter('last_day_of_month')) }}
{%- endmacro %}

{% macro duckdb__last_day_of_month(expression) -%}
    last_day(cast({{ expression }} as date))
{%- endmacro %}

{% macro redshift__last_day_of_month(expression) -%}
    last_day({{ expression }})
{%- endmacro %}

{% macro synapse__last_day_of_month(expression) -%}
    eomonth({{ expression }})
{%- endmacro %}

{% macro bigquery__last_day_of_month(expression) -%}
    last_day(cast({{ expression }} as date), month)
{%- endmacro %}
