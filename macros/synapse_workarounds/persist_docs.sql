{#-
    persist_docs on Synapse: a dedicated pool has no extended properties, so there is nowhere to keep a description, and
    the adapter fails a project that asks for it. Here the wish is passed over with a line in the log.
    https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-addextendedproperty-transact-sql
-#}
{% macro synapse__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- if for_relation or for_columns -%}
        {%- do log('persist_docs: Synapse keeps no descriptions; ' ~ relation ~ ' has none.', info=false) -%}
    {%- endif -%}
{%- endmacro %}
