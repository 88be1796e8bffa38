{#-
    Without blanks at both ends; blanks only, whatever else the warehouse's trim would take.

    Arguments: expression, a text.
    Gives: text.
    NULL: NULL.
    Edges: blanks alone give ''; tabs and no-break spaces stay.
    Example: trimmed("'  a b '") gives a b.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_BTRIM.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/rtrim-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#trim
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro trimmed(expression) -%}
    {{ return(adapter.dispatch('trimmed', 'customer_360')(expression)) }}
{%- endmacro %}

{% macro default__trimmed(expression) -%}
    {{ return(not_written_for_this_adapter('trimmed')) }}
{%- endmacro %}

{% macro duckdb__trimmed(expression) -%}
    trim({{ expression }}, ' ')
{%- endmacro %}

{% macro redshift__trimmed(expression) -%}
    btrim({{ expression }}, ' ')
{%- endmacro %}

{% macro synapse__trimmed(expression) -%}
    ltrim(rtrim({{ expression }}))
{%- endmacro %}

{% macro bigquery__trimmed(expression) -%}
    trim({{ expression }}, ' ')
{%- endmacro %}
