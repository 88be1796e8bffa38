{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='sync_all_columns') }}
select id, {{ var('round', 1) }} as round from {{ ref('people') }}
