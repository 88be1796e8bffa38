{#-
    Working tables of a materialization: <model>__<part>, beside the model's table. dbt's cache of relations knows what a
    killed run left and, because each new table is told to it, what this run made: so nothing is dropped in vain, which
    would cost a call each on BigQuery.
-#}
{% macro working_relation(part) -%}
    {{ return(api.Relation.create(database=this.database, schema=this.schema, identifier=this.identifier ~ '__' ~ part, type='table')) }}
{%- endmacro %}

{% macro drop_working(part) -%}
    {%- set relation = load_cached_relation(working_relation(part)) -%}
    {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{%- endmacro %}

{% macro rebuild_working(part, sql) -%}
    {%- do drop_working(part) -%}
    {%- call statement('working') -%}{{ get_create_table_as_sql(False, working_relation(part), sql) }}{%- endcall -%}
    {%- do adapter.cache_added(working_relation(part)) -%}
{%- endmacro %}

{% macro move_working(part, to) -%}
    {%- do drop_working(to) -%}
    {%- do adapter.rename_relation(working_relation(part), working_relation(to)) -%}
{%- endmacro %}

{% macro change(sql) -%}
    {%- call statement('change') -%}{{ sql }}{%- endcall -%}
{%- endmacro %}

{% macro count_rows(relation, predicate='1 = 1') -%}
    {{ return(run_query('select ' ~ row_count() ~ ' from ' ~ relation ~ ' where ' ~ predicate).rows[0][0] | int) }}
{%- endmacro %}
