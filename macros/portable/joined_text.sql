{#-
    Aggregate: the texts of a group in their own binary order with a delimiter between.

    Arguments: expression, a text; delimiter, a Jinja text.
    Gives: text.
    NULL: NULL and '' are left out; nothing left gives NULL.
    Edges: repeated texts are repeated; the result stays below 4,000 bytes: Redshift and Synapse have limits.
    Example: (select {{ joined_text('x', '+') }} from (select 'b' as x union all select 'a') as t) gives a+b.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
    Synapse: https://learn.microsoft.com/sql/t-sql/functions/string-agg-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/aggregate_functions#string_agg
    DuckDB: https://duckdb.org/docs/stable/sql/functions/aggregates
-#}
{% macro joined_text(expression, delimiter) -%}
    {{ return(adapter.dispatch('joined_text', 'customer_360')(expression, delimiter)) }}
{%- endmacro %}

{% macro default__joined_text(expression, delimiter) -%}
    {{ return(not_written_for_this_adapter('joined_text')) }}
{%- endmacro %}

{% macro duckdb__joined_text(expression, delimiter) -%}
    string_agg(nullif({{ expression }}, ''), {{ text_literal(delimiter) }} order by {{ expression }})
{%- endmacro %}

{% macro redshift__joined_text(expression, delimiter) -%}
    listagg({{ expression }}, {{ text_literal(delimiter) }}) within group (order by {{ expression }})
{%- endmacro %}

{% macro synapse__joined_text(expression, delimiter) -%}
    string_agg(cast(nullif({{ expression }}, '') as varchar(8000)), {{ text_literal(delimiter) }}) within group (order by {{ expression }})
{%- endmacro %}

{% macro bigquery__joined_text(expression, delimiter) -%}
    string_agg(nullif({{ expression }}, ''), {{ text_literal(delimiter) }} order by {{ expression }})
{%- endmacro %}
