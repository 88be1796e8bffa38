{#-
    Query: when the last file of a source's table was loaded, from the load ledger; NULL when none was. For the
    loaded_at_query of the sources, so `dbt source freshness` tells a delivery that did not come.
-#}
{% macro last_loaded_at(source_node) -%}
    select max(loaded_at) as loaded_at
    from {{ load_ledger() }}
    where source_name = {{ text_literal(source_node.source_name) }} and table_name = {{ text_literal(source_node.name) }}
{%- endmacro %}
