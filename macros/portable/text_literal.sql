{#-
    A text as a literal, quotes and backslashes escaped as the warehouse wants. value is a Jinja string, not SQL.
-#}
{% macro text_literal(value) -%}
    {{ return(adapter.dispatch('text_literal', 'customer_360')(value)) }}
{%- endmacro %}

{% macro default__text_literal(value) -%}
    {{ return(not_written_for_this_adapter('text_literal')) }}
{%- endmacro %}

{% macro duckdb__text_literal(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro redshift__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}

{% macro synapse__text_literal(value) -%}
    {{ "N" if value.encode('utf-8') | length != value | length else "" }}'{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro bigquery__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}
