{{ config(materialized='view', bind=False) }}
select id, shout from {{ ref('view_people') }}
