{#-
    32 lower-case hex digits of the MD5 of a text's UTF-8 bytes: the same key on every warehouse. Not dbt.hash: on Synapse that hashes
    NULL as '' and the code page's bytes.

    Arguments: expression, a text of at most 8,000 bytes (Synapse).
    Gives: text.
    NULL: NULL.
    Edges: '' gives d41d8cd98f00b204e9800998ecf8427e.
    Example: md5_hex("'abc'") gives 900150983cd24fb0d6963f7d28e17f72.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_MD5.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/hashbytes-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/hash_functions#md5
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
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
