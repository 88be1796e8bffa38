{#-
    A small constant table. UNION ALL, because VALUES as a table exists neither on Redshift nor on Synapse; the first row gives the
    types, so cast there.

    Arguments: rows, a list of lists of SQL expressions; names, the column names.
    Gives: a SELECT.
    NULL: a cell may be NULL.
    Edges: a row that has not as many cells as there are names, and no rows at all, are refused.
    Example: (select min(a) from ({{ inline_rows([['1'], ['2']], ['a']) }}) as t) gives 1.
    Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html
    Synapse: https://learn.microsoft.com/sql/t-sql/language-elements/set-operators-union-transact-sql
    BigQuery: https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax#union
    DuckDB: https://duckdb.org/docs/stable/sql/query_syntax/setops
-#}
{% macro inline_rows(rows, names) -%}
    {%- for row in rows or [[]] if row | length != names | length or not row -%}
        {{ exceptions.raise_compiler_error("Macro inline_rows: a row has " ~ row | length ~ " cells and there are " ~ names | length ~ " names; it must have as many, one or more.") }}
    {%- endfor -%}
    {%- for row in rows %}
    select {% for expression in row %}{{ expression }} as {{ names[loop.index0] }}{{ ", " if not loop.last }}{% endfor %}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
{%- endmacro %}
