{{ config(materialized='view', grants={'roles/bigquery.dataViewer': ['user:reader@example.com']}) }}
select *, upper(name) as shout from {{ ref('people') }}
