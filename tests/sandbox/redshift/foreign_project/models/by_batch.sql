{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='joined', batch_size='month', begin='2024-01-01') }}
select id, joined, {{ var('round', 1) }} as round from {{ ref('people') }}
