{#-
    1 where the predicate holds, else 0; never NULL. Flags are numbers because Synapse has no boolean column.
-#}
{% macro flag(predicate) -%}
    cast(case when {{ predicate }} then 1 else 0 end as {{ data_type('flag') }})
{%- endmacro %}
