{#-
    The timestamp of a landed text. Curation wrote it as 'YYYY-MM-DD HH:MM:SS.ffffff' in UTC, so it is cast as it is.
-#}
{% macro utc_timestamp(expression) -%}
    cast({{ expression }} as {{ data_type('timestamp') }})
{%- endmacro %}
