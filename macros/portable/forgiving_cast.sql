{#-
    A cast that gives NULL where the text does not hold the type. The macros that use it check the text's form
    first, because each warehouse's own idea of a number or a date is wider than ours and different.
-#}
{% macro default__forgiving_cast(expression, type) -%}
    {{ return(not_written_for_this_adapter('forgiving_cast')) }}
{%- endmacro %}

{% macro duckdb__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro redshift__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro synapse__forgiving_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro bigquery__forgiving_cast(expression, type) -%}
    safe_cast({{ expression }} as {{ type }})
{%- endmacro %}
