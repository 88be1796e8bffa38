{#-
    Enforced contracts with portable types. The YAML of a mart says text(40), decimal(18,4) or timestamp; here, and only
    here, these become the warehouse's own types, by overriding the two macros of dbt through which a contract's types
    reach SQL. dbt itself gives data_type to the warehouse as it is written.
-#}
{% macro physical_columns(columns) -%}
    {%- set physical = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do physical.update({name: dict(column, data_type=physical_type(column['data_type']))}) -%}
    {%- endfor -%}
    {{ return(physical) }}
{%- endmacro %}

{% macro get_empty_schema_sql(columns) -%}
    {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(physical_columns(columns))) }}
{%- endmacro %}

{% macro table_columns_and_constraints() -%}
    {%- set columns = adapter.render_raw_columns_constraints(raw_columns=physical_columns(model['columns'])) -%}
    {%- set constraints = adapter.render_raw_model_constraints(raw_constraints=model['constraints']) -%}
    ({{ (columns + constraints) | join(', ') }})
{%- endmacro %}

{#- The same for Synapse, whose adapter has a macro of its own. -#}
{% macro synapse__build_columns_constraints(relation) -%}
    ({{ adapter.render_raw_columns_constraints(raw_columns=physical_columns(model['columns'])) | join(', ') }})
{%- endmacro %}
