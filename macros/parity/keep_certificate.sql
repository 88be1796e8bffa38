{#-
    Run-operation: appends a certificate to the table <schema>_parity.certificate, one row per mart and column, made when missing.

    certificate  {id, verdict, git_revision, manifest, ledger_position}
    lines        a list of [mart, column, rows, values, sum_1, sum_2, verdict of the column]; numbers are none where the mart could not be read
-#}
{% macro keep_certificate(certificate, lines) -%}
    {%- set table = api.Relation.create(database=target.database, schema=target.schema ~ '_parity', identifier='certificate', type='table') -%}
    {%- set columns = certificate_columns() -%}
    {%- do adapter.create_schema(table.without_identifier()) -%}
    {%- set there = adapter.get_relation(database=table.database, schema=table.schema, identifier=table.identifier) -%}
    {%- if there is not none -%}
        {%- set names = [] -%}
        {%- for column in adapter.get_columns_in_relation(there) -%}{%- do names.append(column.name | lower) -%}{%- endfor -%}
        {%- if names | sort != columns | map(attribute=0) | sort | list -%}
            {{ exceptions.raise_compiler_error(
                "parity: table " ~ table ~ " has other columns than a certificate, so somebody else owns it; set another CUSTOMER_360_SCHEMA or drop it."
            ) }}
        {%- endif -%}
    {%- endif -%}
    {%- set physical = [] -%}
    {%- for name, type in columns -%}{%- do physical.append((name, physical_type(type))) -%}{%- endfor -%}
    {%- if there is none -%}{%- do run_query(create_certificate_table(table, physical)) -%}{%- endif -%}
    {%- do begin_load() -%}
    {%- for batch in lines | batch(100) -%}
        {%- set rows = [] -%}
        {%- for line in batch -%}{%- do rows.append(certificate_cells(certificate, line)) -%}{%- endfor -%}
        {%- do run_query('insert into ' ~ table ~ ' (' ~ columns | map(attribute=0) | join(', ') ~ ') ' ~ inline_rows(rows, columns | map(attribute=0) | list)) -%}
    {%- endfor -%}
    {%- do commit_load() -%}
    {%- do tell('keep_certificate', {'table': table ~ '', 'lines': lines | length}) -%}
{%- endmacro %}

{% macro certificate_columns() -%}
    {{ return([
        ('certificate_id', 'text(64)'), ('verdict', 'text(20)'), ('git_revision', 'text(60)'), ('manifest_hash', 'text(64)'),
        ('ledger_position', 'integer'), ('mart_name', 'text(100)'), ('column_name', 'text(100)'), ('row_count', 'integer'),
        ('value_count', 'integer'), ('sum_1', 'integer'), ('sum_2', 'integer'), ('column_verdict', 'text(20)'), ('certified_at', 'timestamp'),
    ]) }}
{%- endmacro %}

{#- No distribution: the table is small, and this text is the same on all four. -#}
{% macro create_certificate_table(table, columns) -%}
    create table {{ table }} ({% for name, type in columns %}{{ name }} {{ type }}{{ ", " if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro certificate_cells(certificate, line) -%}
    {%- set cells = [] -%}
    {%- set values = [certificate.id, certificate.verdict, certificate.git_revision, certificate.manifest, certificate.ledger_position] + line -%}
    {%- for name, type in certificate_columns() if name != 'certified_at' -%}
        {%- set value = values[loop.index0] -%}
        {%- if value is none -%}{%- do cells.append('cast(null as ' ~ physical_type(type) ~ ')') -%}
        {%- else -%}{%- do cells.append('cast(' ~ (text_literal(value) if value is string else value | int) ~ ' as ' ~ physical_type(type) ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(cells + [run_timestamp()]) }}
{%- endmacro %}
