{#- Versions of a key: each ends where the next begins, and the last one is still valid. -#}
{% test ranges_leave_no_gap(model, key, valid_from='valid_from', valid_to='valid_to') %}
select {{ key }}, {{ valid_from }}, {{ valid_to }}, next_from
from (
    select
        {{ key }}, {{ valid_from }}, {{ valid_to }},
        lead({{ valid_from }}) over (partition by {{ key }} order by {{ valid_from }}) as next_from
    from {{ model }}
) as versions
where (next_from is null and {{ valid_to }} is not null)
    or (next_from is not null and ({{ valid_to }} is null or {{ valid_to }} < next_from))
{% endtest %}
