{{ config(materialized='table') }}
with one as (select id from {{ ref('described') }})
select count(*) as n from one
