{#-
    Query: one row per group of a mart's rows, with what does not depend on their order.

    mart        an entry of marts_to_compare
    grouped_by  SQL over the columns of keyed_rows (parity_partition, parity_key) that gives a text
    where       predicate over the same columns, none for all rows

    Columns: group_name; row_count; row_sum_1 and row_sum_2, over the hash of each row's key and texts; then for each column that is
    no text the count of values and two sums. In those, each value is multiplied by a number from its row's key (28 bits of the
    key's MD5, other 28 bits for the second sum) and reduced modulo a prime: linear hashing, so that a value that moved to
    another row is seen too, at a fraction of the cost of an MD5 per cell. Every number stays within 64 bits.
-#}
{% macro fingerprint_of_rows(mart, grouped_by, where=none) -%}
    select
        group_name, {{ row_count() }} as row_count,
        {{ sum_integer(hash_number('parity_row', 1)) }} as row_sum_1, {{ sum_integer(hash_number('parity_row', 2)) }} as row_sum_2
        {%- for column in mart.columns if column.kind != 'text' %},
        {{ sum_integer('case when ' ~ column.name ~ ' is null then 0 else 1 end') }} as count_{{ loop.index }},
        {{ sum_integer(keyed_number(column, 'parity_number_1')) }} as sum_1_{{ loop.index }},
        {{ sum_integer(keyed_number(column, 'parity_number_2')) }} as sum_2_{{ loop.index }}
        {%- endfor %}
    from (
        select
            {{ grouped_by }} as group_name, {{ hash_number('parity_key', 1) }} as parity_number_1,
            {{ hash_number('parity_key', 2) }} as parity_number_2,
            {{ row_hash(mart) }} as parity_row
            {%- for column in mart.columns if column.kind != 'text' %}, {{ column.name }}{% endfor %}
        from ({{ keyed_rows(mart) }}) as keyed
        {%- if where %}
        where {{ where }}
        {%- endif %}
    ) as numbered
    group by group_name
{%- endmacro %}

{#- Every row with parity_partition, the first day of its month ('all' in a table that is not cut, 'none' without a date), and parity_key. -#}
{% macro keyed_rows(mart) -%}
    select {{ partition_text(mart) }} as parity_partition, {{ key_hash(mart) }} as parity_key, {{ mart.columns | map(attribute='name') | join(', ') }}
    from {{ mart.relation }}
{%- endmacro %}

{% macro partition_text(mart) -%}
    {{ partition_of_month(mart, partition_month(mart)) }}
{%- endmacro %}

{#- The first day of a row's month as a date; 'all' in a table that is not cut. -#}
{% macro partition_month(mart) -%}
    {{ truncate_date('month', mart.partition_by) if mart.partition_by else "'all'" }}
{%- endmacro %}

{% macro partition_of_month(mart, month) -%}
    {%- if mart.partition_by -%}
    coalesce({{ key_text(month, 'date') }}, 'none')
    {%- else -%}{{ month }}
    {%- endif -%}
{%- endmacro %}

{#- Injective: each text with its length, NULL apart from ''; the other kinds end in a sign that their texts do not hold. -#}
{% macro text_piece(column) -%}
    {%- if column.kind == 'text' -%}
    case when {{ column.name }} is null then 'n' else {{ concatenate(["'s'", key_text(text_length(column.name), 'integer'), "':'", column.name]) }} end
    {%- else -%}
    coalesce({{ concatenate([key_text(column.name, column.kind, [column.scale or 1, 1] | max), "'|'"]) }}, 'n')
    {%- endif -%}
{%- endmacro %}

{% macro key_hash(mart) -%}
    {{ hash_of_pieces(mart.columns | selectattr('name', 'in', mart.key) | list) }}
{%- endmacro %}

{#- Of the key's hash and the texts that are not of the key; the key's hash itself where there are none. -#}
{% macro row_hash(mart) -%}
    {%- set texts = mart.columns | selectattr('kind', 'equalto', 'text') | rejectattr('name', 'in', mart.key) | list -%}
    {{ hash_of_pieces(texts, 'parity_key') if texts else 'parity_key' }}
{%- endmacro %}

{#- MD5 over the pieces of columns; of the hashes of several lists, where one would be longer than 8,000 bytes (Synapse). -#}
{% macro hash_of_pieces(columns, begins_with=none) -%}
    {%- set lists, state = [[]], namespace(length=0) -%}
    {%- for column in columns -%}
        {%- set length = (column.length or 40) + 7 -%}
        {%- if state.length + length > 1900 and lists[-1] -%}{%- do lists.append([]) -%}{%- set state.length = 0 -%}{%- endif -%}
        {%- do lists[-1].append(text_piece(column)) -%}
        {%- set state.length = state.length + length -%}
    {%- endfor -%}
    {%- set begin = [begins_with] if begins_with else [] -%}
    {%- if lists | length == 1 -%}
    {{ md5_hex(concatenate(begin + lists[0])) }}
    {%- else -%}
        {%- set hashes = [] -%}
        {%- for pieces in lists -%}{%- do hashes.append(md5_hex(concatenate(pieces))) -%}{%- endfor -%}
    {{ md5_hex(concatenate(begin + hashes)) }}
    {%- endif -%}
{%- endmacro %}

{#- 268435399 is the largest prime below 2^28; the number added keeps a value of 0 apart from no value. -#}
{% macro keyed_number(column, key_number_name) -%}
    {%- set number = remainder(key_number(column.name, column.kind, column.scale or 0), 268435399) -%}
    case when {{ column.name }} is null then 0 else {{ remainder('(' ~ number ~ ' + 97654321) * ' ~ key_number_name, 268435399) }} end
{%- endmacro %}
