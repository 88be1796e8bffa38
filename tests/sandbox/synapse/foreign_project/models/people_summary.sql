{{ config(materialized='table') }}
with scored as (
    select id, active, score from {{ ref('people') }}
)
select count(*) as n, sum(cast(active as int)) as active, sum(score) as total from scored
