{#-
    dbt's unit tests on Synapse. The adapter creates a table without a distribution, and puts WITH inside WITH
    (microsoft/dbt-fabric#296); a dedicated pool takes neither. Here the model over its fixtures, and the expected rows,
    each become a view, and the two are read together.
    tests/sandbox/synapse/test_adapter_faults.py tells when this is needed no longer.
-#}
{% materialization unit, adapter='synapse' -%}
    {%- set actual = this.incorporate(path={'identifier': this.identifier ~ '__dbt_unit_vw'}, type='view') -%}
    {%- set expected = this.incorporate(path={'identifier': this.identifier ~ '__dbt_expected_vw'}, type='view') -%}
    {%- set expected_rows = config.get('expected_rows') -%}
    {%- set expected_sql = config.get('expected_sql') -%}
    {%- do run_query(create_view_of(actual, sql)) -%}
    {%- set types = {} -%}
    {%- set quoted = {} -%}
    {%- for column in adapter.get_columns_in_relation(actual) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
        {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
    {%- set names = [] -%}
    {%- for name in (expected_rows[0].keys() if expected_rows else types.keys()) -%}
        {%- do names.append(quoted[name | lower]) -%}
    {%- endfor -%}
    {%- do run_query(create_view_of(expected, expected_sql or get_expected_sql(expected_rows, types, quoted))) -%}

    {%- call statement('main', fetch_result=True) -%}
        select {{ names | join(', ') }}, 'actual' as {{ adapter.quote('actual_or_expected') }} from {{ actual }}
        union all
        select {{ names | join(', ') }}, 'expected' as {{ adapter.quote('actual_or_expected') }} from {{ expected }}
    {%- endcall -%}

    {%- do adapter.drop_relation(actual) -%}
    {%- do adapter.drop_relation(expected) -%}
    {{ return({'relations': []}) }}
{%- endmaterialization %}
