{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by={'field': 'joined', 'data_type': 'date', 'granularity': 'month'}, require_partition_filter=true) }}
select id, joined, {{ var('round', 1) }} as round from {{ ref('people') }}
{% if is_incremental() %} where joined >= '2024-02-01' {% endif %}
