{#-
    The quarter of the year.

    Arguments: expression, a date or timestamp.
    Gives: integer.
    NULL: NULL.
    Edges: 1 to 4.
    Example: quarter_of("cast('2017-04-01' as date)") gives 2.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datepart-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/date_functions#extract
    DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart
-#}
{% macro quarter_of(expression) -%}
    {{ return(adapter.dispatch('quarter_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__quarter_of(expression) -%}
    {{ return(not_written_for_this_adapter('quarter_of')) }}
{%- endmacro %}

{% macro duckdb__quarter_of(expression) -%}
    cast(extract(quarter from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__quarter_of(expression) -%}
    cast(extract(quarter from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__quarter_of(expression) -%}
    cast(datepart(quarter, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__quarter_of(expression) -%}
    extract(quarter from {{ expression }})
{%- endmacro %}
