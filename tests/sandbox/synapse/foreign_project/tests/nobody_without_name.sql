{{ config(store_failures=true) }}
select * from {{ ref('people') }} where name is null
