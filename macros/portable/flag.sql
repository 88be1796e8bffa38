{#-
    1 where the predicate holds, else 0. Flags are numbers because Synapse has no boolean column.

    Arguments: predicate, SQL.
    Gives: flag.
    NULL: 0 when the predicate is NULL; never NULL.
    Edges: none.
    Example: flag('1 = 2') gives 0.
    Made of: data_type.
-#}
{% macro flag(predicate) -%}
    cast(case when {{ predicate }} then 1 else 0 end as {{ data_type('flag') }})
{%- endmacro %}
