{{ config(materialized='table', dist='id', sort=['shout', 'id'], sort_type='compound') }}
select id, shout from {{ ref('late_people') }}
