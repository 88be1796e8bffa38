{{ config(materialized='incremental', unique_key='id', dist='HASH(id)', on_schema_change='append_new_columns') }}
select id, name, {{ var('round', 1) }} as round{% if var('more', false) %}, 'new' as extra{% endif %} from {{ ref('view_people') }}
{% if is_incremental() %} where id > 1 {% endif %}
