{#-
    Run-operation: tells where the target's load ledger stands, and the fingerprint of every mart, one event each.

    marts  names, none for all
    known  {mart: {partition: stamp}} of an earlier certificate of this target. A partition whose stamp is still the same was not
           touched since: its text columns are not read again, and "texts" is absent from its entry.

    A fingerprint is {mart, key, types, partition_by, partitions: {partition: {rows, stamp, row: [sum, sum], numbers: {column: [count, sum, sum]},
    texts: {column: [count, sum, sum]}}}}; or {mart, absent: true}; or {mart, missing: [columns], unknown: [columns]}.
-#}
{% macro fingerprint_marts(marts=none, known={}) -%}
    {%- do tell('ledger', ledger_position()) -%}
    {%- for mart in marts_to_compare(marts) -%}
        {%- do tell('fingerprint ' ~ mart.name, fingerprint_of(mart, known.get(mart.name, {}))) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro fingerprint_of(mart, known) -%}
    {%- set found = shape_of(mart) -%}
    {%- if found.absent or found.missing or found.unknown -%}{{ return(found) }}{%- endif -%}
    {%- set numbers = mart.columns | rejectattr('kind', 'equalto', 'text') | list -%}
    {%- set texts = mart.columns | selectattr('kind', 'equalto', 'text') | list -%}
    {%- set types = {} -%}
    {%- for column in mart.columns -%}{%- do types.update({column.name: column.type}) -%}{%- endfor -%}
    {%- set partitions, touched = {}, [] -%}
    {%- for row in run_query(fingerprint_of_rows(mart, 'parity_partition')).rows -%}
        {%- set partition = {'rows': row[1] | int, 'row': [row[2] | int, row[3] | int], 'numbers': {}} -%}
        {%- for column in numbers -%}
            {%- set at = 4 + 3 * loop.index0 -%}
            {%- do partition.numbers.update({column.name: [row[at] | int, row[at + 1] | int, row[at + 2] | int]}) -%}
        {%- endfor -%}
        {%- do partition.update({'stamp': local_md5(tojson([types, mart.key, partition], sort_keys=true))}) -%}
        {%- if known.get(row[0]) != partition.stamp -%}
            {%- do partition.update({'texts': {}}) -%}
            {#- A column without any value has no row in the query. -#}
            {%- for column in texts -%}{%- do partition.texts.update({column.name: [0, 0, 0]}) -%}{%- endfor -%}
            {%- do touched.append(row[0]) -%}
        {%- endif -%}
        {%- do partitions.update({row[0]: partition}) -%}
    {%- endfor -%}
    {%- if touched and texts -%}
        {%- set all = touched | length == partitions | length -%}
        {%- for row in run_query(fingerprint_of_texts(mart, none if all else touched)).rows -%}
            {%- do partitions[row[0]].texts.update({row[1]: [row[2] | int, row[3] | int, row[4] | int]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return({'mart': mart.name, 'key': mart.key, 'types': types, 'partition_by': mart.partition_by, 'partitions': partitions}) }}
{%- endmacro %}

{#- Whether the table is there, and which columns of the contract it lacks or has besides. -#}
{% macro shape_of(mart) -%}
    {%- set relation = adapter.get_relation(database=mart.relation.database, schema=mart.relation.schema, identifier=mart.relation.identifier) -%}
    {%- if relation is none -%}{{ return({'mart': mart.name, 'absent': true}) }}{%- endif -%}
    {%- set there, promised = [], mart.columns | map(attribute='name') | list -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}{%- do there.append(column.name | lower) -%}{%- endfor -%}
    {{ return({
        'mart': mart.name, 'absent': false, 'missing': promised | reject('in', there) | list, 'unknown': there | reject('in', promised) | list,
    }) }}
{%- endmacro %}

{#- {schema, batches: {number: {files, rows, digest}}} of the load ledger; batches is none where there is no ledger. -#}
{% macro ledger_position() -%}
    {%- set ledger = load_ledger() -%}
    {%- if adapter.get_relation(database=ledger.database, schema=ledger.schema, identifier=ledger.identifier) is none -%}
        {{ return({'schema': ledger.schema, 'batches': none}) }}
    {%- endif -%}
    {%- set files, batches = {}, {} -%}
    {%- for row in run_query('select load_batch_number, file_name, file_sha256, row_count from ' ~ ledger).rows -%}
        {%- do files.setdefault((row[0] | int) ~ '', []).append([row[1], row[2], row[3] | int]) -%}
    {%- endfor -%}
    {%- for number, entries in files.items() -%}
        {%- do batches.update({number: {'files': entries | length, 'rows': entries | sum(attribute=2), 'digest': local_md5(tojson(entries | sort))}}) -%}
    {%- endfor -%}
    {{ return({'schema': ledger.schema, 'batches': batches}) }}
{%- endmacro %}
