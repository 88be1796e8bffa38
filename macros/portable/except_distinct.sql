{#-
    The set operator EXCEPT: rows of the first query that the second does not have, each once.

    Arguments: none.
    Gives: a set operator.
    NULL: NULL equals NULL here.
    Edges: EXCEPT ALL is not the same anywhere.
    Example: (select {{ row_count() }} from (select 1 as a {{ except_distinct() }} select 1 as a) as t) gives 0.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/set-operators-except-and-intersect-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#except
    DuckDB: https://duckdb.org/docs/stable/sql/query_syntax/setops
-#}
{% macro except_distinct() -%}
    {{ return(adapter.dispatch('except_distinct', 'customer_360')()) }}
{%- endmacro %}

{% macro default__except_distinct() -%}
    {{ return(not_written_for_this_adapter('except_distinct')) }}
{%- endmacro %}

{% macro duckdb__except_distinct() -%}
    except
{%- endmacro %}

{% macro redshift__except_distinct() -%}
    except
{%- endmacro %}

{% macro synapse__except_distinct() -%}
    except
{%- endmacro %}

{% macro bigquery__except_distinct() -%}
    except distinct
{%- endmacro %}
