{#-
    Query: one row per text column and partition of a mart: group_name, column_name, value_count, sum_1 and sum_2. The sums are over
    the hash of each value, which is worked out once per distinct value and counted as often as the value stands there.

    partitions  the partitions to read, none for all

    Values are grouped together with their lengths, because blanks at the end have no meaning in a comparison on Redshift and
    Synapse. Which row a value stands in is told by the sums of fingerprint_of_rows. The month stays a date until values are grouped:
    its text for every row would cost more than the rest of the query.
-#}
{% macro fingerprint_of_texts(mart, partitions=none) -%}
    {%- for column in mart.columns if column.kind == 'text' %}
    select
        group_name, '{{ column.name }}' as column_name, {{ sum_integer('times') }} as value_count,
        {{ sum_integer('times * ' ~ hash_number('cell_hash', 1)) }} as sum_1, {{ sum_integer('times * ' ~ hash_number('cell_hash', 2)) }} as sum_2
    from (
        select {{ partition_of_month(mart, 'group_month') }} as group_name, times, {{ md5_hex('cell') }} as cell_hash
        from (
            select group_month, cell, cell_length, {{ row_count() }} as times
            from (
                select {{ partition_month(mart) }} as group_month, {{ column.name }} as cell, {{ text_length(column.name) }} as cell_length
                from {{ mart.relation }}
                where {{ column.name }} is not null
                {%- if partitions is not none %} and {{ is_one_of(partition_text(mart), partitions) }}{% endif %}
            ) as cells
            group by group_month, cell, cell_length
        ) as counted
    ) as hashed
    group by group_name
    {{- " union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro is_one_of(expression, values) -%}
    {%- set literals = [] -%}
    {%- for value in values -%}{%- do literals.append(text_literal(value)) -%}{%- endfor -%}
    {{ expression }} in ({{ literals | join(', ') }})
{%- endmacro %}
