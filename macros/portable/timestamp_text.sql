{#-
    How each warehouse writes a timestamp with microseconds; reached through key_text.
-#}
{% macro default__timestamp_text(expression) -%}
    {{ return(not_written_for_this_adapter('timestamp_text')) }}
{%- endmacro %}

{% macro duckdb__timestamp_text(expression) -%}
    strftime(cast({{ expression }} as timestamp), '%Y-%m-%d %H:%M:%S.%f')
{%- endmacro %}

{% macro redshift__timestamp_text(expression) -%}
    to_char(cast({{ expression }} as timestamp), 'YYYY-MM-DD HH24:MI:SS.US')
{%- endmacro %}

{% macro synapse__timestamp_text(expression) -%}
    convert(varchar(26), cast({{ expression }} as datetime2(6)), 121)
{%- endmacro %}

{% macro bigquery__timestamp_text(expression) -%}
    format_datetime('%Y-%m-%d %H:%M:%E6S', cast({{ expression }} as datetime))
{%- endmacro %}
