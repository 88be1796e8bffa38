-- Grain: one row per rule and pair of identifiers, with the rule's verdict: refused_because is NULL for an edge that is
-- proposed to the graph, else why the pair does not join. An analyst's decision (seed identity_decisions) comes first.
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

confirmed as (

    -- known from the day on which both identifiers were
    select distinct
        'analyst_confirmed' as rule_name, left_node.identifier_type as left_type,
        left_node.identifier_value as left_value, right_node.identifier_type as right_type,
        right_node.identifier_value as right_value,
        case
            when left_node.first_seen_at > right_node.first_seen_at then left_node.first_seen_at
            else right_node.first_seen_at
        end as first_seen_at,
        case
            when left_node.first_seen_at > right_node.first_seen_at then left_node.first_seen_at
            else right_node.first_seen_at
        end as last_seen_at,
        cast(1 as {{ data_type('integer') }}) as record_count
    from {{ ref('identity_decisions') }} as decisions
    inner join {{ ref('int_identity__nodes') }} as left_node on left_node.node_key = decisions.left_node_key
    inner join {{ ref('int_identity__nodes') }} as right_node on right_node.node_key = decisions.right_node_key
    where decisions.decision = 'confirm'

),

links as (

    {% for told_by in [ref('int_identity__links'), 'tagged', 'confirmed', ref('int_identity__fuzzy_links')] -%}
    select rule_name, left_type, left_value, right_type, right_value, first_seen_at, last_seen_at, record_count
    from {{ told_by }}
    {{ "union all" if not loop.last }}
    {% endfor %}

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

neighbours as (

    -- how many others of any kind an identifier is tied to
    select ends.identifier_type, ends.identifier_value, {{ row_count() }} as neighbour_count
    from (
        select left_type as identifier_type, left_value as identifier_value from pairs
        union all
        select right_type as identifier_type, right_value as identifier_value from pairs
    ) as ends
    group by ends.identifier_type, ends.identifier_value

),

crowded as (

    select neighbours.identifier_type, neighbours.identifier_value
    from neighbours
    inner join {{ ref('identity_types') }} as kinds on kinds.identifier_type = neighbours.identifier_type
    where neighbours.neighbour_count > kinds.most_neighbours

),

denied as (

    select identifier_type, identifier_value, min(denied_because) as denied_because
    from {{ ref('int_identity__observed') }}
    where denied_because is not null
    group by identifier_type, identifier_value

),

withdrawn as (

    -- a pair has no direction
    select left_node_key, right_node_key, rule_name, reason
    from {{ ref('identity_decisions') }}
    where decision = 'withdraw'
    union all
    select right_node_key as left_node_key, left_node_key as right_node_key, rule_name, reason
    from {{ ref('identity_decisions') }}
    where decision = 'withdraw' and left_node_key <> right_node_key

),

keyed as (

    select
        {{ surrogate_key(['left_type', 'left_value']) }} as left_node_key,
        {{ surrogate_key(['right_type', 'right_value']) }} as right_node_key,
        rule_name, left_type, left_value, right_type, right_value, first_seen_at, last_seen_at, record_count
    from links

),

judged as (

    select
        keyed.left_node_key,
        keyed.right_node_key,
        keyed.rule_name,
        rules.priority,
        keyed.left_type,
        keyed.right_type,
        keyed.first_seen_at,
        keyed.last_seen_at,
        keyed.record_count,
        case
            when rules.rule_name is null then 'no rule of this name in identity_rules'
            when rules.is_enabled = 0 then 'the rule is switched off'
            when left_denied.denied_because is not null then left_denied.denied_because
            when right_denied.denied_because is not null then right_denied.denied_because
            when withdrawn.reason is not null then {{ concatenate(["'withdrawn by an analyst: '", 'withdrawn.reason']) }}
            when
                crowds.left_per_right > rules.most_left_per_right
                and (rules.over_cap = 'refuse_all' or crowds.place_at_right > rules.most_left_per_right)
                then 'the right identifier is shared by more left ones than the rule allows'
            when
                crowds.right_per_left > rules.most_right_per_left
                and (rules.over_cap = 'refuse_all' or crowds.place_at_left > rules.most_right_per_left)
                then 'the left identifier is tied to more right ones than the rule allows'
            when left_crowded.identifier_value is not null or right_crowded.identifier_value is not null
                then 'an identifier is tied to more others than its type allows'
        end as refused_because
    from keyed
    inner join crowds
        on crowds.left_type = keyed.left_type and crowds.right_type = keyed.right_type
        and crowds.left_value = keyed.left_value and crowds.right_value = keyed.right_value
    left join {{ ref('identity_rules') }} as rules on rules.rule_name = keyed.rule_name
    left join denied as left_denied
        on left_denied.identifier_type = keyed.left_type and left_denied.identifier_value = keyed.left_value
    left join denied as right_denied
        on right_denied.identifier_type = keyed.right_type and right_denied.identifier_value = keyed.right_value
    left join crowded as left_crowded
        on left_crowded.identifier_type = keyed.left_type and left_crowded.identifier_value = keyed.left_value
    left join crowded as right_crowded
        on right_crowded.identifier_type = keyed.right_type and right_crowded.identifier_value = keyed.right_value
    left join (
        select left_node_key, right_node_key, rule_name, min(reason) as reason
        from withdrawn
        group by left_node_key, right_node_key, rule_name
    ) as withdrawn
        on withdrawn.left_node_key = keyed.left_node_key and withdrawn.right_node_key = keyed.right_node_key
        and withdrawn.rule_name in ('any', keyed.rule_name)

)

select
    left_node_key, right_node_key, rule_name, priority, left_type, right_type, first_seen_at, last_seen_at,
    record_count,
    {{ cast_as('min(refused_because)', 'text', 200) }} as refused_because
from judged
group by
    left_node_key, right_node_key, rule_name, priority, left_type, right_type, first_seen_at, last_seen_at, record_count
