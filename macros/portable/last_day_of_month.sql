{#-
    The last day of the month that holds the date.
-#}
{% macro last_day_of_month(expression) -%}
    {{ return(adapter.dispatch('last_day_of_month', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__last_day_of_month(expression) -%}
    {{ return(not_written_for_this_adapter('last_day_of_month')) }}
{%- endmacro %}

{% macro duckdb__last_day_of_month(expression) -%}
    last_day(cast({{ expression }} as date))
{%- endmacro %}

{% macro redshift__last_day_of_month(expression) -%}
    last_day({{ expression }})
{%- endmacro %}

{% macro synapse__last_day_of_month(expression) -%}
    eomonth({{ expression }})
{%- endmacro %}

{% macro bigquery__last_day_of_month(expression) -%}
    last_day(cast({{ expression }} as date), month)
{%- endmacro %}
