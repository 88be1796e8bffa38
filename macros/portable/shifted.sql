{#-
    A date or timestamp shifted by seconds, minutes, hours, days or months; reached through add_to_date and
    add_to_timestamp.
-#}
{% macro default__shifted(unit, amount, expression) -%}
    {{ return(not_written_for_this_adapter('shifted')) }}
{%- endmacro %}

{% macro duckdb__shifted(unit, amount, expression) -%}
    cast({{ expression }} as timestamp) + to_{{ unit }}s({{ 'cast(' ~ amount ~ ' as integer)' if unit in ('day', 'month') else amount }})
{%- endmacro %}

{% macro redshift__shifted(unit, amount, expression) -%}
    dateadd({{ unit }}, cast({{ amount }} as integer), {{ expression }})
{%- endmacro %}

{% macro synapse__shifted(unit, amount, expression) -%}
    dateadd({{ unit }}, {{ amount }}, cast({{ expression }} as datetime2(6)))
{%- endmacro %}

{% macro bigquery__shifted(unit, amount, expression) -%}
    datetime_add(cast({{ expression }} as datetime), interval {{ amount }} {{ unit }})
{%- endmacro %}
