{#-
    Number of characters, blanks at the end included.

    Arguments: expression, a text of at most 4,000 characters (Synapse).
    Gives: integer.
    NULL: NULL.
    Edges: '' gives 0; characters are code points: an emoji is one, a combining accent is one more.
    Example: text_length("'abc '") gives 4.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_LEN.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/len-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#length
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro text_length(expression) -%}
    {{ return(adapter.dispatch('text_length', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__text_length(expression) -%}
    {{ return(not_written_for_this_adapter('text_length')) }}
{%- endmacro %}

{% macro duckdb__text_length(expression) -%}
    cast(length({{ expression }}) as bigint)
{%- endmacro %}

{% macro redshift__text_length(expression) -%}
    cast(len({{ expression }}) as bigint)
{%- endmacro %}

{% macro synapse__text_length(expression) -%}
    cast(len(cast({{ expression }} as nvarchar(4000)) + N'x') - 1 as bigint)
{%- endmacro %}

{% macro bigquery__text_length(expression) -%}
    length({{ expression }})
{%- endmacro %}
