{#-
    The physical design of a table, said once per model and written in each warehouse's own configs:
    config(**layout(distribute_by='customer_key', sort_by=['ordered_date'], partition_by='ordered_date')).

    distribute_by  column whose rows stay together on one node; 'all' copies a small table to every node; none spreads.
    sort_by        columns that filters and joins use most, most used first.
    partition_by   date or timestamp column that BigQuery cuts the table by, one partition a month.

    Redshift: dist and sort keys. Synapse: a hash-distributed or replicated table; HEAP, because a clustered columnstore
    index pays only above 60 million rows. BigQuery: partition_by and cluster_by. DuckDB needs none.
    https://docs.aws.amazon.com/redshift/latest/dg/c_designing-tables-best-practices.html
    https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-distribute
    https://cloud.google.com/bigquery/docs/clustered-tables
-#}
{% macro layout(distribute_by=none, sort_by=[], partition_by=none, partition_type='date') -%}
    {%- set configs = adapter.dispatch('layout', 'customer_360')(distribute_by, sort_by, partition_by, partition_type) -%}
    {#- Known on every warehouse: macros/parity compares by these partitions whether or not the table is cut. -#}
    {%- if partition_by -%}{%- do configs.update({'meta': {'partition_by': partition_by}}) -%}{%- endif -%}
    {{ return(configs) }}
{%- endmacro %}

{% macro default__layout(distribute_by, sort_by, partition_by, partition_type) -%}
    {{ return(not_written_for_this_adapter('layout')) }}
{%- endmacro %}

{% macro duckdb__layout(distribute_by, sort_by, partition_by, partition_type) -%}
    {{ return({}) }}
{%- endmacro %}

{% macro redshift__layout(distribute_by, sort_by, partition_by, partition_type) -%}
    {%- set configs = {'dist': distribute_by or 'even'} -%}
    {%- if sort_by -%}{%- do configs.update({'sort': sort_by, 'sort_type': 'compound'}) -%}{%- endif -%}
    {{ return(configs) }}
{%- endmacro %}

{% macro synapse__layout(distribute_by, sort_by, partition_by, partition_type) -%}
    {%- if distribute_by is none -%}{%- set distribution = 'ROUND_ROBIN' -%}
    {%- elif distribute_by == 'all' -%}{%- set distribution = 'REPLICATE' -%}
    {%- else -%}{%- set distribution = 'HASH(' ~ distribute_by ~ ')' -%}
    {%- endif -%}
    {{ return({'dist': distribution, 'index': 'HEAP'}) }}
{%- endmacro %}

{% macro bigquery__layout(distribute_by, sort_by, partition_by, partition_type) -%}
    {%- set configs = {} -%}
    {%- set clusters = ([distribute_by] if distribute_by and distribute_by != 'all' else []) + sort_by -%}
    {%- set clusters = clusters | reject('equalto', partition_by) | unique | list -%}
    {%- if clusters -%}{%- do configs.update({'cluster_by': clusters[:4]}) -%}{%- endif -%}
    {%- if partition_by -%}
        {%- set type = 'datetime' if partition_type == 'timestamp' else 'date' -%}
        {%- do configs.update({'partition_by': {'field': partition_by, 'data_type': type, 'granularity': 'month'}}) -%}
    {%- endif -%}
    {{ return(configs) }}
{%- endmacro %}
