{#- Versions of a key: valid_from up to, not including, valid_to (NULL: still valid) never overlap. -#}
{% test ranges_do_not_overlap(model, key, valid_from='valid_from', valid_to='valid_to') %}
select {{ key }}, {{ valid_from }}, next_from
from (
    select
        {{ key }}, {{ valid_from }}, {{ valid_to }},
        lead({{ valid_from }}) over (partition by {{ key }} order by {{ valid_from }}) as next_from
    from {{ model }}
) as versions
where next_from is not null and ({{ valid_to }} is null or {{ valid_to }} > next_from)
{% endtest %}
