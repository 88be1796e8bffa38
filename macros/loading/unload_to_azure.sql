{#-
    Unloading on Synapse: CREATE EXTERNAL TABLE … AS SELECT writes the rows as Parquet files into a folder, and the table
    that names them is dropped again, which leaves the files. The statement needs an external data source for the
    storage (its credential customer_360_lake is the workspace's managed identity, made once by the pool's owner) and a
    file format; both are made where they are missing. The folder must be empty.
    https://learn.microsoft.com/sql/t-sql/statements/create-external-table-as-select-transact-sql
-#}
{% macro synapse__unload_statement(relation, uri) -%}
    {%- set place = azure_place(uri) -%}
    {%- set source = 'customer_360_lake_' ~ local_md5(place.storage)[:8] -%}
    {%- set named = relation.include(database=false).incorporate(path={'identifier': relation.identifier ~ '__unload'}) -%}
    if not exists (select * from sys.external_data_sources where name = '{{ source }}')
        create external data source {{ source }} with (type = hadoop, location = '{{ place.storage }}'{{ ', credential = customer_360_lake' if place.cloud }});
    if not exists (select * from sys.external_file_formats where name = 'customer_360_parquet')
        create external file format customer_360_parquet with (format_type = parquet, data_compression = 'org.apache.hadoop.io.compress.SnappyCodec');
    if object_id('{{ named }}', 'U') is not null drop external table {{ named }};
    create external table {{ named }} with (location = '{{ place.folder }}', data_source = {{ source }}, file_format = customer_360_parquet) as select * from {{ relation }};
    drop external table {{ named }};
{%- endmacro %}

{#- {storage, folder, cloud} of an address: Azure's in the form that a data source takes, or a folder of a laptop. -#}
{% macro azure_place(uri) -%}
    {%- if uri.startswith('https://') -%}
        {%- set parts = uri[8:].split('/') -%}
        {%- set storage = 'abfss://' ~ parts[1] ~ '@' ~ parts[0].split('.')[0] ~ '.dfs.core.windows.net' -%}
        {{ return({'storage': storage, 'folder': parts[2:] | join('/'), 'cloud': true}) }}
    {%- elif uri.startswith('abfss://') -%}
        {%- set parts = uri[8:].split('/') -%}
        {{ return({'storage': 'abfss://' ~ parts[0], 'folder': parts[1:] | join('/'), 'cloud': true}) }}
    {%- else -%}
        {{ return({'storage': uri.rsplit('/', 1)[0], 'folder': uri.rsplit('/', 1)[1], 'cloud': false}) }}
    {%- endif -%}
{%- endmacro %}
