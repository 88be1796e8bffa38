{#-
    Window: number of rows of the partition, as integer (COUNT is a 32-bit int on Synapse).
-#}
{% macro row_count_over(partition_by) -%}
    cast(count(*) over (partition by {{ partition_by }}) as {{ data_type('integer') }})
{%- endmacro %}
