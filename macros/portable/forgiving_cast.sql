{#-
    A cast that gives NULL where the text does not hold the type; reached through try_integer, try_decimal, try_date and try_timestamp,
    which check the text's form first, because each warehouse's own idea of a number or a date is wider than ours and different.

    Arguments: expression, a text of the checked form; type, a physical type.
    Gives: the type.
    NULL: NULL.
    Edges: a day that the calendar does not have gives NULL.
    Example: forgiving_cast("'2017-02-28'", data_type('date')) gives 2017-02-28.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_TRY_CAST.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/try-cast-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/conversion_functions#safe_casting
    DuckDB: https://duckdb.org/docs/stable/sql/expressions/cast
-#}
{% macro forgiving_cast(expression, type) -%}
    {{ return(adapter.dispatch('forgiving_cast', 'customer_360')(expression, type)) }}
{%- endmacro %}

{% macro default__forgiving_cast(expression, type) -%}
    {{ return(not_written_for_this_adapter('forgiving_cast')) }}
{%- endmacro %}

{% macro duckdb__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro redshift__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro synapse__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro bigquery__forgiving_cast(expression, type) -%}
    safe_cast({{ expression }} as {{ type }})
{%- endmacro %}
