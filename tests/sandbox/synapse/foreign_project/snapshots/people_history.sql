{% snapshot people_history %}
{{ config(unique_key='id', strategy='check', check_cols=['name'], hard_deletes='invalidate') }}
select id, {% if var('round', 1) == 1 %}name{% else %}name + '!' as name{% endif %} from {{ ref('people') }} {% if var('round', 1) > 1 %}where id <> 3{% endif %}
{% endsnapshot %}
