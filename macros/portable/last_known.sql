{#-
    The newest value that is not NULL up to and including the row: what IGNORE NULLS would give, which Synapse does
    not have. The count of values so far numbers the stretches between them; each stretch has one value.
    carried_value(...) goes over a column that last_known_group(...) made in a CTE before.
-#}
{% macro last_known_group(expression, partition_by, order_by) -%}
    count({{ expression }}) over (partition by {{ partition_by }} order by {{ order_by }} rows between unbounded preceding and current row)
{%- endmacro %}

{% macro last_known(expression, partition_by, group_column) -%}
    max({{ expression }}) over (partition by {{ partition_by }}, {{ group_column }})
{%- endmacro %}
