{#-
    The Monday of the week that holds the date, as date. Dates from 1900-01-01 (a Monday).
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

{% macro redshift__week_start(expression) -%}
    cast(dateadd(day, -mod(datediff(day, cast('1900-01-01' as date), cast({{ expression }} as date)), 7), cast({{ expression }} as date)) as date)
{%- endmacro %}

{% macro synapse__week_start(expression) -%}
    cast(dateadd(day, -(datediff(day, '19000101', {{ expression }}) % 7), cast({{ expression }} as date)) as date)
{%- endmacro %}

{% macro bigquery__week_start(expression) -%}
    date_trunc(cast({{ expression }} as date), isoweek)
{%- endmacro %}
