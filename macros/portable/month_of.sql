{#-
    The month of a date or timestamp as integer.
-#}
{% macro month_of(expression) -%}
    {{ return(adapter.dispatch('month_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__month_of(expression) -%}
    {{ return(not_written_for_this_adapter('month_of')) }}
{%- endmacro %}

{% macro duckdb__month_of(expression) -%}
    cast(extract(month from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__month_of(expression) -%}
    cast(extract(month from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__month_of(expression) -%}
    cast(datepart(month, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__month_of(expression) -%}
    extract(month from {{ expression }})
{%- endmacro %}
