{#-
    Data tests whose query begins with WITH. The adapter puts them behind a view, because a dedicated pool takes no WITH
    inside a subquery, but it looks only at the first letters: a comment before WITH defeats it, and its view's name is
    a random number that two tests can share (microsoft/dbt-synapse#25). Here comments are looked past, and the view is
    named after the test.
    tests/sandbox/synapse/test_adapter_faults.py tells when this is needed no longer.
-#}
{% macro synapse__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    {%- set begins_with_with = modules.re.match('(\s|--[^\n]*\n|/\*(.|\n)*?\*/)*with\s', main_sql, modules.re.IGNORECASE) -%}
    {%- set view = api.Relation.create(database=target.database, schema=target.schema, identifier='dbt_test_' ~ local_md5(model.unique_id), type='view') -%}
    {%- if begins_with_with -%}
        if not exists (select * from sys.schemas where name = '{{ view.schema }}') exec('create schema [{{ view.schema }}]');
        {{ create_view_of(view, main_sql) }}
    {%- endif %}
    select
        {{ "top (" ~ limit ~ ")" if limit != none }}
        {{ fail_calc }} as failures,
        case when {{ fail_calc }} {{ warn_if }} then 'true' else 'false' end as should_warn,
        case when {{ fail_calc }} {{ error_if }} then 'true' else 'false' end as should_error
    from (
        {% if begins_with_with %}select * from {{ view }}{% else %}{{ main_sql }}{% endif %}
    ) as dbt_internal_test;
    {% if begins_with_with %}drop view {{ view.include(database=false) }};{% endif %}
{%- endmacro %}
