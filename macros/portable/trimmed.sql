{#-
    Without blanks at both ends; blanks only, whatever else the warehouse's trim would take. NULL gives NULL.
-#}
{% macro trimmed(expression) -%}
    {{ return(adapter.dispatch('trimmed', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__trimmed(expression) -%}
    {{ return(not_written_for_this_adapter('trimmed')) }}
{%- endmacro %}

{% macro duckdb__trimmed(expression) -%}
    trim({{ expression }}, ' ')
{%- endmacro %}

{% macro redshift__trimmed(expression) -%}
    btrim({{ expression }}, ' ')
{%- endmacro %}

{% macro synapse__trimmed(expression) -%}
    ltrim(rtrim({{ expression }}))
{%- endmacro %}

{% macro bigquery__trimmed(expression) -%}
    trim({{ expression }}, ' ')
{%- endmacro %}
