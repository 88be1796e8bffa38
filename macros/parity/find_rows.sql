{#-
    Run-operations of the search for rows that differ. The hash of a row's key is uniform, so its first hex digits cut a table of any
    shape into ranges of equal size; a range whose fingerprint is the same on both sides is never looked into again.
-#}

{#- Run-operation: tells {mart: {range: [rows, stamp]}}. asks: a list of {mart, digits, prefixes, partitions}; only keys whose hash begins
    with one of the prefixes (none for all), of these partitions (none for all), in ranges of so many digits. -#}
{% macro fingerprint_ranges(asks) -%}
    {%- set found = {} -%}
    {%- for ask in asks -%}
        {%- set mart = marts_to_compare([ask.mart]) | first -%}
        {%- set ranges = {} -%}
        {%- for row in run_query(fingerprint_of_rows(mart, concatenate(["'v'", "substring(parity_key, 1, " ~ (ask.digits | int) ~ ")"]), rows_asked_for(ask))).rows -%}
            {%- set numbers = [] -%}
            {%- for cell in row -%}{%- if not loop.first -%}{%- do numbers.append(cell | int) -%}{%- endif -%}{%- endfor -%}
            {#- A letter before the digits keeps agate from taking them for a number. -#}
            {%- do ranges.update({row[0][1:]: [row[1] | int, local_md5(tojson(numbers))]}) -%}
        {%- endfor -%}
        {%- do found.update({mart.name: ranges}) -%}
    {%- endfor -%}
    {%- do tell('ranges', found) -%}
{%- endmacro %}

{#- Run-operation: tells {mart: {hash of the key: {column: 'v' and its text, or none}}} of the rows asked for as above. -#}
{% macro show_rows(asks) -%}
    {%- set found = {} -%}
    {%- for ask in asks -%}
        {%- set mart = marts_to_compare([ask.mart]) | first -%}
        {%- set rows = {} -%}
        {%- for row in run_query(select_texts(mart, rows_asked_for(ask))).rows -%}
            {%- set cells = {} -%}
            {%- for column in mart.columns -%}{%- do cells.update({column.name: row[loop.index]}) -%}{%- endfor -%}
            {#- Rows of one key stand one after the other: a doubled key must show. -#}
            {%- do rows.setdefault(row[0][1:], []).append(cells) -%}
        {%- endfor -%}
        {%- do found.update({mart.name: rows}) -%}
    {%- endfor -%}
    {%- do tell('rows', found) -%}
{%- endmacro %}

{% macro rows_asked_for(ask) -%}
    {%- set conditions = [] -%}
    {%- if ask.prefixes -%}{%- do conditions.append(is_one_of('substring(parity_key, 1, ' ~ ask.prefixes[0] | length ~ ')', ask.prefixes)) -%}{%- endif -%}
    {%- if ask.partitions -%}{%- do conditions.append(is_one_of('parity_partition', ask.partitions)) -%}{%- endif -%}
    {{ return(conditions | join(' and ') or none) }}
{%- endmacro %}

{% macro select_texts(mart, where) -%}
    select
        {{ concatenate(["'v'", 'parity_key']) }} as parity_key
        {%- for column in mart.columns %},
        {{ concatenate(["'v'", key_text(column.name, column.kind, [column.scale or 1, 1] | max)]) }} as text_of_{{ loop.index }}
        {%- endfor %}
    from ({{ keyed_rows(mart) }}) as keyed
    {%- if where %}
    where {{ where }}
    {%- endif %}
{%- endmacro %}
