{{ config(materialized='view', grants={'select': ['reader', 'group:analysts', 'role:auditor']}) }}
select *, upper(name) as shout from {{ ref('people') }}
