{#-
    The texts one after the other.

    Arguments: expressions, a list of one or more texts.
    Gives: text.
    NULL: NULL when any of them is (CONCAT differs on that).
    Edges: '' adds nothing; at most 8,000 bytes together, where Synapse stops.
    Example: concatenate(["'a'", "'b'"]) gives ab.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/string-concatenation-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/operators#concatenation_operator
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro concatenate(expressions) -%}
    {%- if not expressions or expressions is string -%}
        {{ exceptions.raise_compiler_error("Macro concatenate: expressions is '" ~ expressions ~ "'; it must be a list of one or more texts.") }}
    {%- endif -%}
    {{ return(adapter.dispatch('concatenate', 'customer_360')(expressions)) }}
{%- endmacro %}

{% macro default__concatenate(expressions) -%}
    {{ return(not_written_for_this_adapter('concatenate')) }}
{%- endmacro %}

{% macro duckdb__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}

{% macro redshift__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}

{% macro synapse__concatenate(expressions) -%}
    ({{ expressions | join(' + ') }})
{%- endmacro %}

{% macro bigquery__concatenate(expressions) -%}
    ({{ expressions | join(' || ') }})
{%- endmacro %}
