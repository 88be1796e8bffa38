-- Grain: one row per rule and pair of identifiers that some record shows together.
-- A rule of the seed identity_rules names the kind of record and the two kinds of identifier; here it is applied.
with shown as (

    select
        rules.rule_name, rules.left_type, rules.right_type,
        {{ identifier_of('rules.left_type', 'records') }} as left_raw,
        {{ identifier_of('rules.right_type', 'records') }} as right_raw,
        records.first_seen_at, records.last_seen_at, records.record_count
    from {{ ref('int_identity__records') }} as records
    inner join {{ ref('identity_rules') }} as rules on rules.told_by = records.told_by

),

normalised as (

    select
        shown.rule_name, shown.left_type, shown.right_type, shown.first_seen_at, shown.last_seen_at,
        shown.record_count,
        {{ normalised_identifier('left_types.normaliser', 'shown.left_raw') }} as left_value,
        {{ normalised_identifier('right_types.normaliser', 'shown.right_raw') }} as right_value
    from shown
    inner join {{ ref('identity_types') }} as left_types on left_types.identifier_type = shown.left_type
    inner join {{ ref('identity_types') }} as right_types on right_types.identifier_type = shown.right_type
    where shown.left_raw is not null and shown.right_raw is not null

)

select
    {{ cast_as('rule_name', 'text', 40) }} as rule_name,
    {{ cast_as('left_type', 'text', 20) }} as left_type,
    {{ cast_as('left_value', 'text', 254) }} as left_value,
    {{ cast_as('right_type', 'text', 20) }} as right_type,
    {{ cast_as('right_value', 'text', 254) }} as right_value,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    {{ sum_integer('record_count') }} as record_count
from normalised
where left_value is not null and right_value is not null
group by rule_name, left_type, left_value, right_type, right_value
