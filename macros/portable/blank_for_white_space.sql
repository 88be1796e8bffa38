{#-
    Tab, line feed, carriage return and no-break space become a blank. NULL gives NULL.
-#}
{% macro blank_for_white_space(expression) -%}
    {{ return(adapter.dispatch('blank_for_white_space', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__blank_for_white_space(expression) -%}
    {{ return(not_written_for_this_adapter('blank_for_white_space')) }}
{%- endmacro %}

{% macro duckdb__blank_for_white_space(expression) -%}
    replace(replace(replace(replace({{ expression }}, chr(9), ' '), chr(10), ' '), chr(13), ' '), chr(160), ' ')
{%- endmacro %}

{% macro redshift__blank_for_white_space(expression) -%}
    replace(replace(replace(replace({{ expression }}, chr(9), ' '), chr(10), ' '), chr(13), ' '), chr(160), ' ')
{%- endmacro %}

{% macro synapse__blank_for_white_space(expression) -%}
    {#- the collation sits inside: outside, the value has already passed through the database's code page -#}
    replace(replace(replace(replace({{ expression }} collate Latin1_General_100_BIN2_UTF8, char(9), ' '), char(10), ' '), char(13), ' '), nchar(160), ' ')
{%- endmacro %}

{% macro bigquery__blank_for_white_space(expression) -%}
    replace(replace(replace(replace({{ expression }}, chr(9), ' '), chr(10), ' '), chr(13), ' '), chr(160), ' ')
{%- endmacro %}
