{#- Run-operation: who may read, and dbt's own portable macros. -#}
{% macro prepare_grantees() %}
    {% for statement in ['create user reader password disable', 'create group analysts', 'create role auditor'] %}
        {% do run_query(statement) %}
    {% endfor %}
{% endmacro %}
