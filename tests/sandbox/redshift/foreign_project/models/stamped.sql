{{ config(materialized='view') }}
select id, name, cast(joined as timestamp) as updated_at from {{ ref('people') }}
