{#-
    `dbt clone` on Synapse. The adapter says CREATE TABLE … AS CLONE OF, which is Fabric's and not a dedicated pool's,
    after it has dropped the old table. Here the table is copied.
    tests/sandbox/synapse/test_adapter_faults.py tells when this is needed no longer.
-#}
{% macro synapse__create_or_replace_clone(target_relation, defer_relation) -%}
    create table {{ target_relation }}
    with (distribution = {{ config.get('dist', default='ROUND_ROBIN') }}, {{ config.get('index', default='CLUSTERED COLUMNSTORE INDEX') }})
    as select * from {{ defer_relation }}
{%- endmacro %}
