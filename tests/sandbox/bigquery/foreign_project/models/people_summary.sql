{{ config(materialized="table") }}
select count(*) as n, countif(active) as active, sum(score) as total from {{ ref('people') }}
