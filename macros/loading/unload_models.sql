{#-
    Run-operation: writes a model's rows to the lake as Parquet by the warehouse's own statement.
    model: name of a model; uri: where to write (a file on DuckDB, a prefix elsewhere).
    https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
    https://learn.microsoft.com/sql/t-sql/statements/create-external-table-as-select-transact-sql
    https://cloud.google.com/bigquery/docs/reference/standard-sql/export-statements
-#}
{% macro unload_models(models) -%}
    {%- for model, uri in models.items() -%}
        {%- do unload_model(model, uri) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro unload_model(model, uri) -%}
    {%- set nodes = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', model) | list -%}
    {%- if not nodes -%}{{ exceptions.raise_compiler_error("unload: no model is named " ~ model ~ ".") }}{%- endif -%}
    {%- set relation = adapter.get_relation(nodes[0].database, nodes[0].schema, nodes[0].alias) -%}
    {%- if relation is none -%}{{ exceptions.raise_compiler_error("unload: model " ~ model ~ " is not built yet; run dbt build first.") }}{%- endif -%}
    {%- do run_query(unload_statement(relation, uri)) -%}
{%- endmacro %}

{% macro unload_statement(relation, uri) -%}
    {{ return(adapter.dispatch('unload_statement', 'customer_360')(relation, uri)) }}
{%- endmacro %}

{% macro default__unload_statement(relation, uri) -%}
    {{ return(not_written_for_this_adapter('unload_statement')) }}
{%- endmacro %}

{% macro duckdb__unload_statement(relation, uri) -%}
    copy (select * from {{ relation }}) to {{ text_literal(uri) }} (format parquet, compression snappy)
{%- endmacro %}

{% macro redshift__unload_statement(relation, uri) -%}
    unload ('select * from {{ relation }}') to {{ text_literal(uri) }} iam_role default format as parquet allowoverwrite
{%- endmacro %}

{% macro bigquery__unload_statement(relation, uri) -%}
    export data options (uri = {{ text_literal(uri ~ '*.parquet') }}, format = 'PARQUET', overwrite = true) as select * from {{ relation }}
{%- endmacro %}
