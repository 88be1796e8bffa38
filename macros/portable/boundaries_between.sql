{#-
    Boundaries crossed between two instants; reached through date_difference, which checks the part.

    Arguments: part is day, month, quarter, year, hour, minute or second; first and second, dates or timestamps.
    Gives: integer.
    NULL: NULL when either is.
    Edges: negative when second is before first.
    Example: boundaries_between('day', "cast('2017-01-01 23:59:59' as timestamp)", "cast('2017-01-02 00:00:00' as timestamp)") gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/datediff-big-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions#datetime_diff
    DuckDB: https://duckdb.org/docs/stable/sql/functions/timestamp
-#}
{% macro boundaries_between(part, first, second) -%}
    {{ return(adapter.dispatch('boundaries_between', 'customer_360')(part, first, second)) }}
{%- endmacro %}

{% macro default__boundaries_between(part, first, second) -%}
    {{ return(not_written_for_this_adapter('boundaries_between')) }}
{%- endmacro %}

{% macro duckdb__boundaries_between(part, first, second) -%}
    date_diff('{{ part }}', cast({{ first }} as timestamp), cast({{ second }} as timestamp))
{%- endmacro %}

{% macro redshift__boundaries_between(part, first, second) -%}
    cast(datediff({{ part }}, {{ first }}, {{ second }}) as bigint)
{%- endmacro %}

{% macro synapse__boundaries_between(part, first, second) -%}
    datediff_big({{ part }}, {{ first }}, {{ second }})
{%- endmacro %}

{% macro bigquery__boundaries_between(part, first, second) -%}
    datetime_diff(cast({{ second }} as datetime), cast({{ first }} as datetime), {{ part }})
{%- endmacro %}
