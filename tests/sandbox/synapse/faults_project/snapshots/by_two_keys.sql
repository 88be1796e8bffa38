{% snapshot by_two_keys %}
{{ config(unique_key=['one', 'two'], strategy='check', check_cols=['text'], dist='HASH(one)') }}
{% set grown = '9' if var('width', 3) == 9 else '' %}
select 1 as one, 1 as two, 'a{{ grown }}' as text {% if grown %}, cast('new' as varchar(9)) as more{% endif %}
union all select 1, 2, 'b{{ grown }}' {% if grown %}, 'new'{% endif %}
{% endsnapshot %}
