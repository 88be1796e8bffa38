{#-
    The texts one after the other; NULL when any of them is NULL (CONCAT differs on that).
-#}
{% macro concatenate(expressions) -%}
    {{ return(adapter.dispatch('concatenate', 'customer_360')(expressions)) }}
{%- endmacro %}

{% macro default__concatenate(expressions) -%}
    {{ return(not_written_for_this_adapter('concatenate')) }}
{%- endmacro %}

{% macro duckdb__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}

{% macro redshift__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}

{% macro synapse__concatenate(expressions) -%}
    ({{ expressions | join(' + ') }})
{%- endmacro %}

{% macro bigquery__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}
