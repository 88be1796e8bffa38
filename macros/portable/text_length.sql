{#-
    Number of characters, blanks at the end included. NULL gives NULL.
-#}
{% macro text_length(expression) -%}
    {{ return(adapter.dispatch('text_length', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__text_length(expression) -%}
    {{ return(not_written_for_this_adapter('text_length')) }}
{%- endmacro %}

{% macro duckdb__text_length(expression) -%}
    cast(length({{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__text_length(expression) -%}
    cast(len({{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__text_length(expression) -%}
    cast(len(cast({{ expression }} as nvarchar(4000)) + N'x') - 1 as bigint)
{%- endmacro %}

{% macro bigquery__text_length(expression) -%}
    length({{ expression }})
{%- endmacro %}
