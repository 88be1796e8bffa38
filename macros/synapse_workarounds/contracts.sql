{#-
    Enforced contracts on Synapse. The adapter wraps a model into `with … as (<model>)` to ask for its columns, and a
    dedicated pool takes no WITH inside another: every model with a WITH fails (microsoft/dbt-fabric#318). Here the model
    first becomes the view that its table is filled from anyway, and the columns asked for are that view's.
    tests/sandbox/synapse/test_adapter_faults.py tells when this is needed no longer.
-#}
{% macro synapse__create_table_as(temporary, relation, sql) -%}
    {%- set view = relation.incorporate(path={'identifier': relation.identifier ~ '__dbt_tmp_vw'}, type='view') -%}
    {%- set storage = 'DISTRIBUTION = ' ~ config.get('dist', default='ROUND_ROBIN') ~ ', ' ~ config.get('index', default='CLUSTERED COLUMNSTORE INDEX') -%}
    {%- if config.get('contract').enforced -%}
        {%- do run_query(create_view_of(view, sql)) -%}
        {%- do assert_columns_equivalent('select * from ' ~ view) -%}
        {%- set names = model['columns'].values() | map(attribute='name') | map('string') | join('], [') -%}
        create table {{ relation }} {{ build_columns_constraints(relation) }} with ({{ storage }});
        insert into {{ relation }} ([{{ names }}]) select [{{ names }}] from {{ view }};
        drop view {{ view.include(database=false) }};
    {%- else -%}
        {{ create_view_of(view, sql) }}
        create table {{ relation }} with ({{ storage }}) as select * from {{ view }};
        drop view {{ view.include(database=false) }};
    {%- endif -%}
{%- endmacro %}

{% macro synapse__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
    {{ create_view_of(relation, sql) }}
{%- endmacro %}

{% macro synapse__get_assert_columns_equivalent(sql) -%}
    {%- set view = this.incorporate(path={'identifier': this.identifier ~ '__dbt_contract_vw'}, type='view') -%}
    {%- do adapter.drop_relation(view) -%}
    {%- do run_query(create_view_of(view, sql)) -%}
    {%- do assert_columns_equivalent('select * from ' ~ view) -%}
    {%- do adapter.drop_relation(view) -%}
{%- endmacro %}

{#- A view of this query, whatever a dead run has left in its place. CREATE VIEW must be alone in its batch: inside EXEC it is. -#}
{% macro create_view_of(relation, sql) -%}
    if object_id('{{ relation }}', 'V') is not null drop view {{ relation.include(database=false) }};
    EXEC('create view {{ relation.include(database=false) }} as {{ sql | replace("'", "''") }}');
{%- endmacro %}
