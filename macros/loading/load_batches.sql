{#-
    Run-operation: loads curated files into the landing tables, each once.

    files: a list of {batch, source, table, name, uri, sha256, rows}. What the ledger holds is skipped; what a dead run
    left of a file is deleted before the file is loaded; the ledger's row is written last. So a load can be killed and
    repeated anywhere and still nothing is lost or doubled.
-#}
{% macro load_batches(files) -%}
    {%- do create_landing_tables() -%}
    {%- set ledger = load_ledger() -%}
    {%- set known = {} -%}
    {%- for row in run_query('select file_name, file_sha256 from ' ~ ledger).rows -%}
        {%- do known.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    {%- set totals = namespace(files=0, rows=0, skipped=0) -%}
    {%- for file in files -%}
        {%- if file.name in known -%}
            {%- if known[file.name] != file.sha256 -%}
                {{ exceptions.raise_compiler_error("load: file " ~ file.name ~ " was loaded with another content; the curated zone was changed by hand, restore it.") }}
            {%- endif -%}
            {%- set totals.skipped = totals.skipped + 1 -%}
        {%- else -%}
            {%- do load_file(file, ledger) -%}
            {%- set totals.files = totals.files + 1 -%}
            {%- set totals.rows = totals.rows + file.rows -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do tell('load_batches', {'files': totals.files, 'rows': totals.rows, 'skipped': totals.skipped}) -%}
{%- endmacro %}

{% macro load_file(file, ledger) -%}
    {%- set nodes = graph.sources.values() | selectattr('source_name', 'equalto', file.source) | selectattr('name', 'equalto', file.table) | list -%}
    {%- if not nodes -%}
        {{ exceptions.raise_compiler_error("load: no contract declares " ~ file.source ~ "." ~ file.table ~ ".") }}
    {%- endif -%}
    {%- set relation = api.Relation.create(database=nodes[0].database, schema=nodes[0].schema, identifier=nodes[0].identifier, type='table') -%}
    {%- do begin_load() -%}
    {%- do run_query('delete from ' ~ relation ~ ' where load_batch_number = ' ~ (file.batch | int)) -%}
    {%- do run_query(bulk_load(relation, landing_columns(nodes[0]), file.uri)) -%}
    {%- set loaded = run_query('select ' ~ row_count() ~ ' from ' ~ relation ~ ' where load_batch_number = ' ~ (file.batch | int)).rows[0][0] | int -%}
    {%- if loaded != file.rows -%}
        {{ exceptions.raise_compiler_error("load: " ~ relation ~ " received " ~ loaded ~ " rows of " ~ file.name ~ ", but its manifest says " ~ file.rows ~ "; curate the batch again.") }}
    {%- endif -%}
    {%- do run_query(
        'insert into ' ~ ledger ~ ' (load_batch_number, source_name, table_name, file_name, file_sha256, row_count, loaded_at) select '
        ~ (file.batch | int) ~ ', ' ~ text_literal(file.source) ~ ', ' ~ text_literal(file.table) ~ ', ' ~ text_literal(file.name) ~ ', '
        ~ text_literal(file.sha256) ~ ', ' ~ (file.rows | int) ~ ', ' ~ run_timestamp()
    ) -%}
    {%- do commit_load() -%}
{%- endmacro %}

{#- One transaction per file where the warehouse has them; elsewhere the order of the steps does. -#}
{% macro begin_load() -%}{{ return(adapter.dispatch('begin_load', 'customer_360')()) }}{%- endmacro %}
{% macro default__begin_load() -%}{{ return(not_written_for_this_adapter('begin_load')) }}{%- endmacro %}
{% macro duckdb__begin_load() -%}{%- do adapter.ensure_transaction() -%}{%- endmacro %}
{% macro redshift__begin_load() -%}{%- do run_query('begin') -%}{%- endmacro %}
{% macro synapse__begin_load() -%}{%- endmacro %}
{% macro bigquery__begin_load() -%}{%- endmacro %}

{% macro commit_load() -%}{{ return(adapter.dispatch('commit_load', 'customer_360')()) }}{%- endmacro %}
{% macro default__commit_load() -%}{{ return(not_written_for_this_adapter('commit_load')) }}{%- endmacro %}
{% macro duckdb__commit_load() -%}{%- do adapter.commit() -%}{%- endmacro %}
{% macro redshift__commit_load() -%}{%- do run_query('commit') -%}{%- endmacro %}
{% macro synapse__commit_load() -%}{%- endmacro %}
{% macro bigquery__commit_load() -%}{%- endmacro %}

{#- Tells a result to the flow that runs dbt: one log line, JSON behind a mark. -#}
{% macro tell(what, result) -%}
    {%- do log('CUSTOMER_360 ' ~ tojson({'what': what, 'result': result}), info=true) -%}
{%- endmacro %}
