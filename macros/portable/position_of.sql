{#-
    Position of the first needle in the text.

    Arguments: needle, a text of one or more characters; expression, a text.
    Gives: integer.
    NULL: NULL when either is.
    Edges: 1 for the start, 0 when absent; case counts; characters, not bytes.
    Example: position_of("'b'", "'abc'") gives 2.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_STRPOS.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/charindex-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#strpos
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
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
