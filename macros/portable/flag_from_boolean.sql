{#-
    1, 0 or NULL from a boolean column of the warehouse.
-#}
{% macro flag_from_boolean(expression) -%}
    {{ return(adapter.dispatch('flag_from_boolean', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__flag_from_boolean(expression) -%}
    {{ return(not_written_for_this_adapter('flag_from_boolean')) }}
{%- endmacro %}

{% macro duckdb__flag_from_boolean(expression) -%}
    cast(case when {{ expression }} then 1 when not {{ expression }} then 0 end as smallint)
{%- endmacro %}

{% macro redshift__flag_from_boolean(expression) -%}
    cast(case when {{ expression }} then 1 when not {{ expression }} then 0 end as smallint)
{%- endmacro %}

{% macro synapse__flag_from_boolean(expression) -%}
    cast({{ expression }} as smallint)
{%- endmacro %}

{% macro bigquery__flag_from_boolean(expression) -%}
    case when {{ expression }} then 1 when not {{ expression }} then 0 end
{%- endmacro %}
