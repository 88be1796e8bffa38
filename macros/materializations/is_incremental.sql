{#-
    dbt's own test, and an answer where there is no warehouse to ask: `dbt compile --no-introspect` compiles the full
    build, or with --vars 'compile_as_incremental: true' the incremental one, so both can be checked offline.
-#}
{% macro is_incremental() -%}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {%- if not flags.INTROSPECT -%}
        {{ return(var('compile_as_incremental', false) and model.config.materialized == 'incremental') }}
    {%- endif -%}
    {%- set relation = load_cached_relation(this) -%}
    {{ return(
        relation is not none and relation.type == 'table' and model.config.materialized == 'incremental'
        and not should_full_refresh()
    ) }}
{%- endmacro %}
