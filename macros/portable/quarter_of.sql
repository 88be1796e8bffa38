{#-
    The quarter of a date or timestamp as integer.
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
