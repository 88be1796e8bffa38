{#-
    The year of a date or timestamp as integer.
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
