{#-
    A date or timestamp shifted by a number of units; reached through add_to_date and add_to_timestamp, which cast the result.

    Arguments: unit is second, minute, hour, day or month; amount, an integer expression; expression, a date or timestamp.
    Gives: a timestamp, on some warehouses another type.
    NULL: NULL when either is.
    Edges: months clamp to the last day.
    Example: shifted('day', 1, "cast('2016-02-28 00:00:00' as timestamp)") gives 2016-02-29 00:00:00.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/dateadd-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/datetime_functions#datetime_add
    DuckDB: https://duckdb.org/docs/stable/sql/functions/interval
-#}
{% macro shifted(unit, amount, expression) -%}
    {{ return(adapter.dispatch('shifted', 'customer_360')(unit, amount, expression)) }}
{%- endmacro %}

{% macro default__shifted(unit, amount, expression) -%}
    {{ return(not_written_for_this_adapter('shifted')) }}
{%- endmacro %}

{% macro duckdb__shifted(unit, amount, expression) -%}
    cast({{ expression }} as timestamp) + to_{{ unit }}s({{ 'cast(' ~ amount ~ ' as integer)' if unit in ('day', 'month') else amount }})
{%- endmacro %}

{% macro redshift__shifted(unit, amount, expression) -%}
    dateadd({{ unit }}, cast({{ amount }} as integer), {{ expression }})
{%- endmacro %}

{% macro synapse__shifted(unit, amount, expression) -%}
    dateadd({{ unit }}, {{ amount }}, cast({{ expression }} as datetime2(6)))
{%- endmacro %}

{% macro bigquery__shifted(unit, amount, expression) -%}
    datetime_add(cast({{ expression }} as datetime), interval {{ amount }} {{ unit }})
{%- endmacro %}
