{#-
    Tab, line feed, carriage return and no-break space each become a blank.

    Arguments: expression, a text.
    Gives: text.
    NULL: NULL.
    Edges: other white space stays; nothing is trimmed. On Redshift CHR beyond 127 gives NULL, so the no-break space stands as
        itself.
    Example: blank_for_white_space("'a' || chr(9) || 'b'") gives a b.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_REPLACE.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/replace-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#replace
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
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

{#- CHR knows ASCII only and gives NULL beyond, which would make every text NULL: the no-break space stands as itself. -#}
{% macro redshift__blank_for_white_space(expression) -%}
    replace(replace(replace(replace({{ expression }}, chr(9), ' '), chr(10), ' '), chr(13), ' '), '{{ "\u00a0" }}', ' ')
{%- endmacro %}

{% macro synapse__blank_for_white_space(expression) -%}
    {#- the collation sits inside: outside, the value has already passed through the database's code page -#}
    replace(replace(replace(replace({{ expression }} collate Latin1_General_100_BIN2_UTF8, char(9), ' '), char(10), ' '), char(13), ' '), nchar(160), ' ')
{%- endmacro %}

{% macro bigquery__blank_for_white_space(expression) -%}
    replace(replace(replace(replace({{ expression }}, chr(9), ' '), chr(10), ' '), chr(13), ' '), chr(160), ' ')
{%- endmacro %}
