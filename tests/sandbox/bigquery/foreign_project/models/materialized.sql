{{ config(materialized='materialized_view') }}
select active, count(*) as n from {{ ref('people') }} group by active
