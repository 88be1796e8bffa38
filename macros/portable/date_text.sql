{#-
    How each warehouse writes a date, a timestamp and a decimal as text; reached through key_text.
-#}
{% macro default__date_text(expression) -%}
    {{ return(not_written_for_this_adapter('date_text')) }}
{%- endmacro %}

{% macro duckdb__date_text(expression) -%}
    strftime(cast({{ expression }} as date), '%Y-%m-%d')
{%- endmacro %}

{% macro redshift__date_text(expression) -%}
    to_char(cast({{ expression }} as date), 'YYYY-MM-DD')
{%- endmacro %}

{% macro synapse__date_text(expression) -%}
    convert(varchar(10), cast({{ expression }} as date), 23)
{%- endmacro %}

{% macro bigquery__date_text(expression) -%}
    format_date('%Y-%m-%d', cast({{ expression }} as date))
{%- endmacro %}
