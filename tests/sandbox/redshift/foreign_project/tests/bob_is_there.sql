{{ config(store_failures=true, severity='warn') }}
select id, name from {{ ref('people') }} where name like 'Bob%'
