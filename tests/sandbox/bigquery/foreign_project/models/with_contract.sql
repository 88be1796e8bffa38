{{ config(materialized='table', contract={'enforced': true}, hours_to_expiration=48, post_hook=["insert into {{ target.schema }}.audit (what) values ('hook')"]) }}
select id, name, cast(score as numeric) as score, struct(1 as a, 'x' as b) as inner_part, [1, 2] as numbers from {{ ref('people') }}
