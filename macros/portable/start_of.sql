{#-
    The first day of a month, quarter or year; reached through truncate_date.

    Arguments: part is month, quarter or year; expression, a date or timestamp.
    Gives: date.
    NULL: NULL.
    Edges: none.
    Example: start_of('quarter', "cast('2017-06-30' as date)") gives 2017-04-01.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_TRUNC.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/dateadd-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#date_trunc
    DuckDB: https://duckdb.org/docs/stable/sql/functions/timestamp
-#}
{% macro start_of(part, expression) -%}
    {%- set part = argument_of('start_of', 'part', part, ['month', 'quarter', 'year']) -%}
    {{ return(adapter.dispatch('start_of', 'customer_360')(part, expression)) }}
{%- endmacro %}

{% macro default__start_of(part, expression) -%}
    {{ return(not_written_for_this_adapter('start_of')) }}
{%- endmacro %}

{% macro duckdb__start_of(part, expression) -%}
    cast(date_trunc('{{ part }}', {{ expression }}) as date)
{%- endmacro %}

{% macro redshift__start_of(part, expression) -%}
    cast(date_trunc('{{ part }}', {{ expression }}) as date)
{%- endmacro %}

{% macro synapse__start_of(part, expression) -%}
    cast(dateadd({{ part }}, datediff({{ part }}, 0, {{ expression }}), 0) as date)
{%- endmacro %}

{% macro bigquery__start_of(part, expression) -%}
    date_trunc(cast({{ expression }} as date), {{ part }})
{%- endmacro %}
