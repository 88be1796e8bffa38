{#- The columns together are a key: no two rows share them. -#}
{% test unique_combination_of(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
