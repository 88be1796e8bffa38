{#- Run-operation: who may read. Again, it changes nothing. -#}
{% macro prepare_grantees() %}
    {% set known = run_query("select usename from pg_user where usename = 'reader'") %}
    {% if not known.rows %}
        {% for statement in ['create user reader password disable', 'create group analysts', 'create role auditor'] %}
            {% do run_query(statement) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
