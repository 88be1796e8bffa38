-- Grain: one row per contradiction of the seed identity_contradictions and account that tells what it asks for.
-- Two accounts contradict each other when both values differ; with one attribute, when that one differs.
select
    {{ cast_as('contradictions.contradiction_name', 'text', 40) }} as contradiction_name,
    first_told.node_key,
    first_told.attribute_value as first_value,
    second_told.attribute_value as second_value
from {{ ref('identity_contradictions') }} as contradictions
inner join {{ ref('int_identity__profiles') }} as first_told
    on first_told.attribute_name = contradictions.first_attribute
inner join {{ ref('int_identity__profiles') }} as second_told
    on second_told.node_key = first_told.node_key
    and second_told.attribute_name = coalesce(contradictions.second_attribute, contradictions.first_attribute)
where contradictions.is_enabled = 1
