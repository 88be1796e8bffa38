{#-
    Boundaries crossed between two instants; reached through date_difference.
-#}
{% macro default__boundaries_between(part, first, second) -%}
    {{ return(not_written_for_this_adapter('boundaries_between')) }}
{%- endmacro %}

{% macro duckdb__boundaries_between(part, first, second) -%}
    date_diff('{{ part }}', cast({{ first }} as timestamp), cast({{ second }} as timestamp))
{%- endmacro %}

{% macro redshift__boundaries_between(part, first, second) -%}
    cast(datediff({{ part }}, {{ first }}, {{ second }}) as bigint)
{%- endmacro %}

{% macro synapse__boundaries_between(part, first, second) -%}
    datediff_big({{ part }}, {{ first }}, {{ second }})
{%- endmacro %}

{% macro bigquery__boundaries_between(part, first, second) -%}
    datetime_diff(cast({{ second }} as datetime), cast({{ first }} as datetime), {{ part }})
{%- endmacro %}
