{#-
    The decimal with exactly scale digits after the point, rounded half away from zero; reached through key_text. BigQuery drops
    zeros at the end when it casts, so it formats instead, and rounds before, or -0.00001 would become -0.0000.

    Arguments: expression, a decimal or integer; scale, 1 to 9.
    Gives: text.
    NULL: NULL.
    Edges: a zero before the point is written; zero has no sign.
    Example: decimal_text("cast(-0.5 as decimal(18,4))", 4) gives -0.5000.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_CAST_function.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements
    DuckDB: https://duckdb.org/docs/stable/sql/functions/text
-#}
{% macro decimal_text(expression, scale) -%}
    {{ return(adapter.dispatch('decimal_text', 'customer_360')(expression, scale)) }}
{%- endmacro %}

{% macro default__decimal_text(expression, scale) -%}
    {{ return(not_written_for_this_adapter('decimal_text')) }}
{%- endmacro %}

{% macro duckdb__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as decimal(38,{{ scale }})) as varchar)
{%- endmacro %}

{% macro redshift__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as numeric(38,{{ scale }})) as varchar(40))
{%- endmacro %}

{% macro synapse__decimal_text(expression, scale) -%}
    cast(cast({{ expression }} as decimal(38,{{ scale }})) as varchar(40))
{%- endmacro %}

{% macro bigquery__decimal_text(expression, scale) -%}
    format('%.{{ scale }}f', round(cast({{ expression }} as numeric), {{ scale }}))
{%- endmacro %}
