{#-
    32 lower-case hex digits of the MD5 of a text's UTF-8 bytes: the same key on every warehouse. NULL gives NULL.
    Not dbt.hash: on Synapse that hashes NULL as '' and the code page's bytes.
-#}
{% macro md5_hex(expression) -%}
    {{ return(adapter.dispatch('md5_hex', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__md5_hex(expression) -%}
    {{ return(not_written_for_this_adapter('md5_hex')) }}
{%- endmacro %}

{% macro duckdb__md5_hex(expression) -%}
    md5({{ expression }})
{%- endmacro %}

{% macro redshift__md5_hex(expression) -%}
    md5(cast({{ expression }} as varchar(65535)))
{%- endmacro %}

{% macro synapse__md5_hex(expression) -%}
    lower(convert(varchar(32), hashbytes('MD5', cast({{ expression }} collate Latin1_General_100_BIN2_UTF8 as varchar(8000))), 2)) collate Latin1_General_100_BIN2_UTF8
{%- endmacro %}

{% macro bigquery__md5_hex(expression) -%}
    to_hex(md5({{ expression }}))
{%- endmacro %}
