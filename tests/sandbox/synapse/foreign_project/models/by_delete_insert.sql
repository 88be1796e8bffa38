{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id') }}
select id, joined, {{ var('round', 1) }} as round from {{ ref('people') }}
{% if is_incremental() %} where joined >= '2024-02-01' {% endif %}
