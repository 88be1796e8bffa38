{#-
    1 for Monday to 7 for Sunday.

    Arguments: expression, a date or timestamp from 1900-01-01 on.
    Gives: integer.
    NULL: NULL.
    Edges: independent of any setting of the session.
    Example: iso_day_of_week("cast('2017-01-01' as date)") gives 7.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datediff-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#date_diff
    DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart
-#}
{% macro iso_day_of_week(expression) -%}
    {{ return(adapter.dispatch('iso_day_of_week', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__iso_day_of_week(expression) -%}
    {{ return(not_written_for_this_adapter('iso_day_of_week')) }}
{%- endmacro %}

{% macro duckdb__iso_day_of_week(expression) -%}
    cast(isodow(cast({{ expression }} as date)) as bigint)
{%- endmacro %}

{% macro redshift__iso_day_of_week(expression) -%}
    cast(mod(datediff(day, cast('1900-01-01' as date), cast({{ expression }} as date)), 7) + 1 as bigint)
{%- endmacro %}

{% macro synapse__iso_day_of_week(expression) -%}
    cast(datediff(day, '19000101', {{ expression }}) % 7 + 1 as bigint)
{%- endmacro %}

{% macro bigquery__iso_day_of_week(expression) -%}
    mod(date_diff(cast({{ expression }} as date), date '1900-01-01', day), 7) + 1
{%- endmacro %}
