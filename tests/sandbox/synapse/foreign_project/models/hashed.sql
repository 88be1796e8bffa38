{{ config(materialized='table', dist='HASH(id)', index='CLUSTERED COLUMNSTORE INDEX', post_hook=["insert into {{ target.schema }}.audit (what) values ('hook')"]) }}
select id, name, {{ dbt.hash('name') }} as digest, {{ dbt.current_timestamp() }} as built_at from {{ ref('view_people') }}
