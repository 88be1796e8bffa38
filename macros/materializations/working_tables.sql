{#-
    Working tables of a materialization: <model>__<part>, beside the model's table. dbt's cache of relations knows what a
    killed run left and, because each new table is told to it, what this run made: so nothing is dropped in vain, which
    would cost a call each on BigQuery.

    Parts that a later build may need, or that become the model's table, last; the others are scratch. On DuckDB scratch
    lies in its own temporary database: it is neither compressed nor written to the file, which spares a fifth of the
    work of large graphs. The other warehouses keep it beside the model.
-#}
{% macro lasting_parts() -%}
    {{ return(['applied', 'moves', 'moved', 'found', 'finished', 'added', 'removed', 'groups', 'regrouped']) }}
{%- endmacro %}

{% macro working_relation(part) -%}
    {%- set place = {'database': this.database, 'schema': this.schema} if part in lasting_parts() else scratch_place() -%}
    {{ return(api.Relation.create(database=place.database, schema=place.schema, identifier=this.identifier ~ '__' ~ part, type='table')) }}
{%- endmacro %}

{% macro scratch_place() -%}
    {{ return(adapter.dispatch('scratch_place', 'customer_360')()) }}
{%- endmacro %}

{% macro default__scratch_place() -%}
    {{ return({'database': this.database, 'schema': this.schema, 'is_temporary': false}) }}
{%- endmacro %}

{% macro duckdb__scratch_place() -%}
    {{ return({'database': 'temp', 'schema': 'main', 'is_temporary': true}) }}
{%- endmacro %}

{% macro drop_working(part) -%}
    {%- set relation = load_cached_relation(working_relation(part)) -%}
    {%- if relation is not none -%}{%- do adapter.drop_relation(relation) -%}{%- endif -%}
{%- endmacro %}

{% macro rebuild_working(part, sql) -%}
    {%- do drop_working(part) -%}
    {%- set is_temporary = scratch_place().is_temporary and part not in lasting_parts() -%}
    {%- call statement('working') -%}{{ get_create_table_as_sql(is_temporary, working_relation(part), sql) }}{%- endcall -%}
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
