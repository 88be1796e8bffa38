{#- Working tables of a materialization: <model>__<part>, beside the model's table. -#}
{% macro working_relation(part) -%}
    {{ return(api.Relation.create(database=this.database, schema=this.schema, identifier=this.identifier ~ '__' ~ part, type='table')) }}
{%- endmacro %}

{% macro drop_working(part) -%}
    {%- do adapter.drop_relation(working_relation(part)) -%}
{%- endmacro %}

{% macro rebuild_working(part, sql) -%}
    {%- do drop_working(part) -%}
    {%- call statement('working') -%}{{ get_create_table_as_sql(False, working_relation(part), sql) }}{%- endcall -%}
{%- endmacro %}

{% macro change(sql) -%}
    {%- call statement('change') -%}{{ sql }}{%- endcall -%}
{%- endmacro %}

{% macro count_rows(relation, predicate='1 = 1') -%}
    {{ return(run_query('select ' ~ row_count() ~ ' from ' ~ relation ~ ' where ' ~ predicate).rows[0][0] | int) }}
{%- endmacro %}
