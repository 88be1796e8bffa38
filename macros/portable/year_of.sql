{#-
    The year.

    Arguments: expression, a date or timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: none.
    Example: year_of("cast('2017-01-31' as date)") gives 2017.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#extract
    DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart
-#}
{% macro year_of(expression) -%}
    {{ return(adapter.dispatch('year_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__year_of(expression) -%}
    {{ return(not_written_for_this_adapter('year_of')) }}
{%- endmacro %}

{% macro duckdb__year_of(expression) -%}
    cast(extract(year from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__year_of(expression) -%}
    cast(extract(year from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__year_of(expression) -%}
    cast(datepart(year, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__year_of(expression) -%}
    extract(year from {{ expression }})
{%- endmacro %}
