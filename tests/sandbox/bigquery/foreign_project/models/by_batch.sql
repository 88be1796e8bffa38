{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='joined', batch_size='month', begin='2024-01-01', partition_by={'field': 'joined', 'data_type': 'date', 'granularity': 'month'}) }}
select id, joined from {{ ref('people') }}
