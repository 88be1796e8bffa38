{#-
    The day of a date or timestamp as integer.
-#}
{% macro day_of(expression) -%}
    {{ return(adapter.dispatch('day_of', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__day_of(expression) -%}
    {{ return(not_written_for_this_adapter('day_of')) }}
{%- endmacro %}

{% macro duckdb__day_of(expression) -%}
    cast(extract(day from {{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__day_of(expression) -%}
    cast(extract(day from {{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__day_of(expression) -%}
    cast(datepart(day, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__day_of(expression) -%}
    extract(day from {{ expression }})
{%- endmacro %}
