{{ config(materialized='table', contract={'enforced': true}, post_hook=["insert into {{ target.schema }}.audit (what) values ('hook')"]) }}
select id, name, score, joined from {{ ref('people') }}
