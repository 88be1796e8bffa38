{#-
    Columns that grow or come new. The adapter copies the table by CREATE TABLE … AS SELECT without a distribution, which
    a dedicated pool refuses, and its snapshots read a name that is not defined (synapse__create_columns). A pool alters
    its tables. https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql
    tests/sandbox/synapse/test_adapter_faults.py tells when this is needed no longer.
-#}
{% macro synapse__alter_column_type(relation, column_name, new_column_type) -%}
    {%- call statement('alter_column_type') -%}
        alter table {{ relation }} alter column [{{ column_name }}] {{ new_column_type }}
    {%- endcall -%}
{%- endmacro %}

{% macro synapse__create_columns(relation, columns) -%}
    {%- for column in columns -%}
        {%- call statement() -%}
            alter table {{ relation }} add [{{ column.name }}] {{ column.data_type }} null
        {%- endcall -%}
    {%- endfor -%}
{%- endmacro %}
