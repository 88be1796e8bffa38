{#-
    A text as a literal, quotes and backslashes escaped as the warehouse wants.

    Arguments: value, a Jinja text, not SQL.
    Gives: text.
    NULL: a value of none is refused.
    Edges: line ends are kept (BigQuery wants them escaped); on Synapse a backslash right before a line end is lost.
    Example: text_literal("O'Neil") gives O'Neil.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
    Synapse: https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#string_and_bytes_literals
    DuckDB: https://duckdb.org/docs/stable/sql/data_types/literal_types
-#}
{% macro text_literal(value) -%}
    {%- if value is not string -%}
        {{ exceptions.raise_compiler_error("Macro text_literal: value is '" ~ value ~ "'; it must be a text, in quotes.") }}
    {%- endif -%}
    {{ return(adapter.dispatch('text_literal', 'customer_360')(value)) }}
{%- endmacro %}

{% macro default__text_literal(value) -%}
    {{ return(not_written_for_this_adapter('text_literal')) }}
{%- endmacro %}

{% macro duckdb__text_literal(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro redshift__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "''") }}'
{%- endmacro %}

{% macro synapse__text_literal(value) -%}
    {{ "N" if value.encode('utf-8') | length != value | length else "" }}'{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro bigquery__text_literal(value) -%}
    '{{ value | replace("\\", "\\\\") | replace("'", "\\'") | replace("\n", "\\n") | replace("\r", "\\r") }}'
{%- endmacro %}
