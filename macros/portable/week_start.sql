{#-
    The Monday of the week that holds the date.

    Arguments: expression, a date or timestamp from 1900-01-01 (a Monday) on.
    Gives: date.
    NULL: NULL.
    Edges: a Sunday belongs to the week before it; week 53 may begin in one year and end in the next.
    Example: week_start("cast('2017-01-01' as date)") gives 2016-12-26.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datediff-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#date_trunc
    DuckDB: https://duckdb.org/docs/stable/sql/functions/timestamp
-#}
{% macro week_start(expression) -%}
    {{ return(adapter.dispatch('week_start', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__week_start(expression) -%}
    {{ return(not_written_for_this_adapter('week_start')) }}
{%- endmacro %}

{% macro duckdb__week_start(expression) -%}
    cast(date_trunc('week', {{ expression }}) as date)
{%- endmacro %}

{#- DATEADD takes an INTEGER, and DATEDIFF gives a BIGINT. -#}
{% macro redshift__week_start(expression) -%}
    cast(dateadd(day, cast(-mod(datediff(day, cast('1900-01-01' as date), cast({{ expression }} as date)), 7) as integer), cast({{ expression }} as date)) as date)
{%- endmacro %}

{% macro synapse__week_start(expression) -%}
    cast(dateadd(day, -(datediff(day, '19000101', {{ expression }}) % 7), cast({{ expression }} as date)) as date)
{%- endmacro %}

{% macro bigquery__week_start(expression) -%}
    date_trunc(cast({{ expression }} as date), isoweek)
{%- endmacro %}
