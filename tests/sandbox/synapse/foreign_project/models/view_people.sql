{{ config(materialized='view', grants={'select': ['reader']}) }}
select *, upper(name) as shout from {{ ref('people') }}
