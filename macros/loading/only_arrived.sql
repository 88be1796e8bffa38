{#-
    WHERE clause of an incremental staging model: every change of the keys of which a change arrived since the last
    build; nothing in a full build. The changes of such a key are read again together, so a late or repeated change
    loses as it would in a full build, and both give the same rows.
-#}
{% macro only_arrived(landing, key) -%}
    {%- if is_incremental() -%}
    where {{ key }} in (
        select {{ key }} from {{ landing }}
        where load_batch_number > (select coalesce(max(load_batch_number), 0) from {{ this }})
    )
    {%- endif -%}
{%- endmacro %}
