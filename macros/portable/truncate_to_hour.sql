{#-
    The timestamp at the start of its hour.
-#}
{% macro truncate_to_hour(expression) -%}
    {{ return(adapter.dispatch('truncate_to_hour', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__truncate_to_hour(expression) -%}
    {{ return(not_written_for_this_adapter('truncate_to_hour')) }}
{%- endmacro %}

{% macro duckdb__truncate_to_hour(expression) -%}
    date_trunc('hour', cast({{ expression }} as timestamp))
{%- endmacro %}

{% macro redshift__truncate_to_hour(expression) -%}
    date_trunc('hour', {{ expression }})
{%- endmacro %}

{% macro synapse__truncate_to_hour(expression) -%}
    dateadd(hour, datediff(hour, 0, {{ expression }}), cast('1900-01-01' as datetime2(6)))
{%- endmacro %}

{% macro bigquery__truncate_to_hour(expression) -%}
    datetime_trunc(cast({{ expression }} as datetime), hour)
{%- endmacro %}
