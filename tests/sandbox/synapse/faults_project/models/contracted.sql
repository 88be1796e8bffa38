{{ config(materialized='table', contract={'enforced': true}) }}
with numbers as (select 1 as id, cast('a' as varchar(5)) as name)
select id, name from numbers
