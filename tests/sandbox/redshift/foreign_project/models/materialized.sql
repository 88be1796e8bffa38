{{ config(materialized='materialized_view', dist='active', sort=['active'], auto_refresh=var('auto', false)) }}
select active, count(*) as n from {{ ref('people') }} group by active
