{#-
    Landing tables hold what curation let through, as it came: append-only, one table per source table, columns of the
    contract in order and then the change metadata. They are made from the contracts (the sources' YAML) alone.
-#}
{% macro change_columns() -%}
    {{ return([('change_operation', 'text(1)'), ('change_committed_at', 'text(26)'), ('change_log_position', 'text(80)'), ('load_batch_number', 'integer')]) }}
{%- endmacro %}

{#- A timestamp lands as text: the one form that all four warehouses load with microseconds. -#}
{% macro landing_type(contract_type) -%}
    {{ return(physical_type('text(26)' if contract_type == 'timestamp' else contract_type)) }}
{%- endmacro %}

{% macro landing_columns(source_node) -%}
    {%- set columns = [] -%}
    {%- for column in source_node.columns.values() -%}{%- do columns.append((column.name, landing_type(column.data_type))) -%}{%- endfor -%}
    {%- for name, type in change_columns() -%}{%- do columns.append((name, physical_type(type))) -%}{%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- Makes a table unless it is there. -#}
{% macro ensure_table(relation, columns) -%}
    {%- if adapter.get_relation(relation.database, relation.schema, relation.identifier) is none -%}
        {%- do run_query(create_landing_table(relation, columns)) -%}
    {%- endif -%}
{%- endmacro %}

{% macro create_landing_table(relation, columns) -%}
    {{ return(adapter.dispatch('create_landing_table', 'customer_360')(relation, columns)) }}
{%- endmacro %}

{% macro default__create_landing_table(relation, columns) -%}
    {{ return(not_written_for_this_adapter('create_landing_table')) }}
{%- endmacro %}

{% macro duckdb__create_landing_table(relation, columns) -%}
    create table {{ relation }} ({% for name, type in columns %}{{ adapter.quote(name) }} {{ type }}{{ ", " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro redshift__create_landing_table(relation, columns) -%}
    create table {{ relation }} ({% for name, type in columns %}{{ adapter.quote(name) }} {{ type }}{{ ", " if not loop.last }}{% endfor %}) diststyle even
{%- endmacro %}

{% macro synapse__create_landing_table(relation, columns) -%}
    create table {{ relation }} ({% for name, type in columns %}{{ adapter.quote(name) }} {{ type }}{{ ", " if not loop.last }}{% endfor %}) with (distribution = round_robin, heap)
{%- endmacro %}

{% macro bigquery__create_landing_table(relation, columns) -%}
    create table {{ relation }} ({% for name, type in columns %}{{ adapter.quote(name) }} {{ type }}{{ ", " if not loop.last }}{% endfor %}) cluster by load_batch_number
{%- endmacro %}

{% macro load_ledger() -%}
    {{ return(api.Relation.create(database=target.database, schema=target.schema ~ '_landing', identifier='load_ledger', type='table')) }}
{%- endmacro %}

{#- Run-operation: schema, ledger and every landing table, empty where nothing has arrived, so that models can be built. -#}
{% macro create_landing_tables() -%}
    {%- set ledger = load_ledger() -%}
    {%- do begin_load() -%}
    {%- do adapter.create_schema(ledger.without_identifier()) -%}
    {%- do ensure_table(ledger, [
        ('load_batch_number', physical_type('integer')), ('source_name', physical_type('text(40)')),
        ('table_name', physical_type('text(40)')), ('file_name', physical_type('text(200)')),
        ('file_sha256', physical_type('text(64)')), ('row_count', physical_type('integer')), ('loaded_at', physical_type('timestamp')),
    ]) -%}
    {%- for node in graph.sources.values() | selectattr('package_name', 'equalto', 'customer_360') -%}
        {%- set relation = api.Relation.create(database=node.database, schema=node.schema, identifier=node.identifier, type='table') -%}
        {%- do ensure_table(relation, landing_columns(node)) -%}
    {%- endfor -%}
    {#- What a run-operation leaves open is rolled back. -#}
    {%- do commit_load() -%}
{%- endmacro %}
