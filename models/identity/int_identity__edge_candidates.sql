-- Grain: one row per rule and pair of identifiers, with the rule's verdict: refused_because is NULL for an edge of the
-- graph, else why the pair does not join. The guard rails stand here, before the graph, so nothing need be taken apart.
with tagged as (

    -- an address with a +tag belongs to the mailbox without it
    select
        'email_tag' as rule_name,
        'email' as left_type,
        identifier_value as left_value,
        'email' as right_type,
        {{ email_without_tag('identifier_value') }} as right_value,
        first_seen_at,
        last_seen_at,
        cast(1 as {{ data_type('integer') }}) as record_count
    from {{ ref('int_identity__nodes') }}
    where identifier_type = 'email' and {{ position_of("'+'", 'identifier_value') }} > 1

),

links as (

    select rule_name, left_type, left_value, right_type, right_value, first_seen_at, last_seen_at, record_count
    from {{ ref('int_identity__links') }}
    union all
    select rule_name, left_type, left_value, right_type, right_value, first_seen_at, last_seen_at, record_count
    from tagged

),

pairs as (

    select left_type, right_type, left_value, right_value, min(first_seen_at) as first_seen_at
    from links
    group by left_type, right_type, left_value, right_value

),

crowds as (

    -- how many others each end of a pair is tied to, and the pair's place among them, oldest first
    select
        left_type, right_type, left_value, right_value,
        {{ row_count_over('left_type, right_type, right_value') }} as left_per_right,
        {{ row_count_over('left_type, right_type, left_value') }} as right_per_left,
        row_number() over (
            partition by left_type, right_type, right_value order by first_seen_at, left_value
        ) as place_at_right,
        row_number() over (
            partition by left_type, right_type, left_value order by first_seen_at, right_value
        ) as place_at_left
    from pairs

),

denied as (

    select identifier_type, identifier_value, min(denied_because) as denied_because
    from {{ ref('int_identity__observed') }}
    where denied_because is not null
    group by identifier_type, identifier_value

),

judged as (

    select
        {{ surrogate_key(['links.left_type', 'links.left_value']) }} as left_node_key,
        {{ surrogate_key(['links.right_type', 'links.right_value']) }} as right_node_key,
        links.rule_name,
        rules.priority,
        links.left_type,
        links.right_type,
        links.first_seen_at,
        links.last_seen_at,
        links.record_count,
        case
            when rules.rule_name is null then 'no rule of this name in identity_rules'
            when rules.is_enabled = 0 then 'the rule is switched off'
            when left_denied.denied_because is not null then left_denied.denied_because
            when right_denied.denied_because is not null then right_denied.denied_because
            when
                crowds.left_per_right > rules.most_left_per_right
                and (rules.over_cap = 'refuse_all' or crowds.place_at_right > rules.most_left_per_right)
                then 'the right identifier is shared by more left ones than the rule allows'
            when
                crowds.right_per_left > rules.most_right_per_left
                and (rules.over_cap = 'refuse_all' or crowds.place_at_left > rules.most_right_per_left)
                then 'the left identifier is tied to more right ones than the rule allows'
        end as refused_because
    from links
    inner join crowds
        on crowds.left_type = links.left_type and crowds.right_type = links.right_type
        and crowds.left_value = links.left_value and crowds.right_value = links.right_value
    left join {{ ref('identity_rules') }} as rules on rules.rule_name = links.rule_name
    left join denied as left_denied
        on left_denied.identifier_type = links.left_type and left_denied.identifier_value = links.left_value
    left join denied as right_denied
        on right_denied.identifier_type = links.right_type and right_denied.identifier_value = links.right_value

)

select
    left_node_key, right_node_key, rule_name, priority, left_type, right_type, first_seen_at, last_seen_at,
    record_count,
    {{ cast_as('refused_because', 'text', 200) }} as refused_because
from judged
