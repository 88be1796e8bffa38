{% snapshot people_history %}
{{ config(unique_key='id', strategy='check', check_cols=['name'], hard_deletes='invalidate') }}
select id, cast({% if var('round', 1) == 1 %}name{% else %}name + '!'{% endif %} as varchar(40)) as name from {{ ref('people') }} {% if var('round', 1) > 1 %}where id <> 3{% endif %}
{% endsnapshot %}
