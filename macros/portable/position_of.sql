{#-
    Position of the first needle (a text of one or more characters), 1 for the start, 0 when absent.
-#}
{% macro position_of(needle, expression) -%}
    {{ return(adapter.dispatch('position_of', 'customer_360')(needle, expression)) }}
{%- endmacro %}

{% macro default__position_of(needle, expression) -%}
    {{ return(not_written_for_this_adapter('position_of')) }}
{%- endmacro %}

{% macro duckdb__position_of(needle, expression) -%}
    cast(strpos({{ expression }}, {{ needle }}) as bigint)
{%- endmacro %}

{% macro redshift__position_of(needle, expression) -%}
    cast(strpos({{ expression }}, {{ needle }}) as bigint)
{%- endmacro %}

{% macro synapse__position_of(needle, expression) -%}
    cast(charindex({{ needle }}, {{ expression }}) as bigint)
{%- endmacro %}

{% macro bigquery__position_of(needle, expression) -%}
    strpos({{ expression }}, {{ needle }})
{%- endmacro %}
