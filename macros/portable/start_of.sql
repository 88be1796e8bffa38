{#-
    The first day of a month, quarter or year; reached through truncate_date.
-#}
{% macro default__start_of(part, expression) -%}
    {{ return(not_written_for_this_adapter('start_of')) }}
{%- endmacro %}

{% macro duckdb__start_of(part, expression) -%}
    cast(date_trunc('{{ part }}', {{ expression }}) as date)
{%- endmacro %}

{% macro redshift__start_of(part, expression) -%}
    cast(date_trunc('{{ part }}', {{ expression }}) as date)
{%- endmacro %}

{% macro synapse__start_of(part, expression) -%}
    cast(dateadd({{ part }}, datediff({{ part }}, 0, {{ expression }}), 0) as date)
{%- endmacro %}

{% macro bigquery__start_of(part, expression) -%}
    date_trunc(cast({{ expression }} as date), {{ part }})
{%- endmacro %}
