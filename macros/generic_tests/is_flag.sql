{#- A flag is 0 or 1 and never NULL. -#}
{% test is_flag(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} is null or {{ column_name }} not in (0, 1)
{% endtest %}
