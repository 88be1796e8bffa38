{{ config(materialized='table', dist='even') }}
select count(*) as n, sum(case when active then 1 else 0 end) as active, sum(score) as total from {{ ref('people') }}
