{#-
    A decimal with a fixed number of digits after the point. BigQuery's own cast drops zeros at the end, so it
    formats instead. Reached through key_text.
-#}
{% macro default__decimal_text(expression, scale) -%}
    {{ return(not_written_for_this_adapter('decimal_text')) }}
{%- endmacro %}

{% macro duckdb__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as decimal(38,{{ scale }})) as varchar)
{%- endmacro %}

{% macro redshift__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as numeric(38,{{ scale }})) as varchar(40))
{%- endmacro %}

{% macro synapse__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as decimal(38,{{ scale }})) as varchar(40))
{%- endmacro %}

{% macro bigquery__decimal_text(expression, scale) -%}
    format('%.{{ scale }}f', cast({{ expression }} as numeric))
{%- endmacro %}
