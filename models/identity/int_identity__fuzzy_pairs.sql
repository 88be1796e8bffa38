-- Grain: one row per pair of accounts that a block brings together, with the evidence for one person in tenths of a bit.
-- Empty unless the rule fuzzy_name_address is switched on. A pair is compared when the accounts share a birth date, a
-- family name with a first letter, a street with a postal code, or the beginnings of both names; a block of more than
-- identity_largest_block accounts says too little and is left out. Values are close when their two-letter pieces overlap:
-- twice the shared pieces are at least 60 % of all. Weights are rows of the seed identity_fuzzy_weights.
with profiles as (

    select
        profiles.node_key, profiles.customer_id, profiles.attribute_name, profiles.attribute_value,
        {{ concatenate(['profiles.node_key', 'profiles.attribute_name']) }} as profile_key
    from {{ ref('int_identity__profiles') }} as profiles
    inner join {{ ref('identity_rules') }} as rules
        on rules.rule_name = 'fuzzy_name_address' and rules.is_enabled = 1
    inner join {{ ref('identity_fuzzy_weights') }} as weights on weights.attribute_name = profiles.attribute_name

),

wide as (

    select
        node_key
        {%- for name in ['first_name', 'last_name', 'birth_date', 'street', 'postal_code'] %},
        max(case when attribute_name = '{{ name }}' then attribute_value end) as {{ name }}
        {%- endfor %}
    from profiles
    group by node_key

),

blocks as (

    select node_key, {{ concatenate(["'birth_date:'", 'birth_date']) }} as block_key
    from wide
    union all
    select node_key, {{ concatenate(["'family:'", 'last_name', "':'", 'left(first_name, 1)']) }} as block_key
    from wide
    union all
    select node_key, {{ concatenate(["'home:'", 'street', "':'", 'postal_code']) }} as block_key
    from wide
    union all
    select node_key, {{ concatenate(["'names:'", 'left(first_name, 3)', "':'", 'left(last_name, 3)']) }} as block_key
    from wide

),

useful as (

    select block_key
    from blocks
    where block_key is not null
    group by block_key
    having count(node_key) between 2 and {{ var('identity_largest_block', 50) }}

),

pairs as (

    select distinct one.node_key as left_node_key, other.node_key as right_node_key
    from useful
    inner join blocks as one on one.block_key = useful.block_key
    inner join blocks as other on other.block_key = useful.block_key
    where one.node_key < other.node_key

),

compared as (

    select
        pairs.left_node_key, pairs.right_node_key, one.attribute_name,
        case when one.attribute_value = other.attribute_value then 1 else 0 end as is_equal
    from pairs
    inner join profiles as one on one.node_key = pairs.left_node_key
    -- one key made of two tables, here and below, so that no engine joins profiles with profiles before pairs say which
    inner join profiles as other on other.profile_key = {{ concatenate(['pairs.right_node_key', 'one.attribute_name']) }}

),

positions as (

    {%- set places = [[cast_as('1', 'integer')]] -%}
    {%- for place in range(2, 21) -%}{%- do places.append([place | string]) -%}{%- endfor %}
    {{ inline_rows(places, ['place']) }}

),

pieces as (

    select distinct profiles.profile_key, substring(profiles.attribute_value, positions.place, 2) as piece
    from profiles
    inner join positions on positions.place < {{ text_length('profiles.attribute_value') }}

),

piece_counts as (

    select profile_key, {{ row_count() }} as piece_count
    from pieces
    group by profile_key

),

different as (

    select
        left_node_key, right_node_key, attribute_name,
        {{ concatenate(['left_node_key', 'attribute_name']) }} as left_key,
        {{ concatenate(['right_node_key', 'attribute_name']) }} as right_key
    from compared
    where is_equal = 0

),

keyed_pieces as (

    select {{ concatenate(['profile_key', "'|'", 'piece']) }} as piece_key
    from pieces

),

shared as (

    select different.left_key, different.right_key, {{ row_count() }} as shared_count
    from different
    inner join pieces on pieces.profile_key = different.left_key
    inner join keyed_pieces on keyed_pieces.piece_key = {{ concatenate(['different.right_key', "'|'", 'pieces.piece']) }}
    group by different.left_key, different.right_key

),

weighed as (

    select
        compared.left_node_key, compared.right_node_key,
        case
            when compared.is_equal = 1 then weights.if_equal
            when 20 * shared.shared_count >= 6 * (one_count.piece_count + other_count.piece_count) then weights.if_close
            else weights.if_different
        end as weight
    from compared
    inner join {{ ref('identity_fuzzy_weights') }} as weights on weights.attribute_name = compared.attribute_name
    left join different
        on different.left_node_key = compared.left_node_key and different.right_node_key = compared.right_node_key
        and different.attribute_name = compared.attribute_name
    left join shared on shared.left_key = different.left_key and shared.right_key = different.right_key
    left join piece_counts as one_count on one_count.profile_key = different.left_key
    left join piece_counts as other_count on other_count.profile_key = different.right_key

),

accounts as (

    select distinct node_key, customer_id
    from profiles

),

summed as (

    select left_node_key, right_node_key, {{ sum_integer('weight') }} as weight
    from weighed
    group by left_node_key, right_node_key

)

select
    summed.left_node_key, summed.right_node_key, one.customer_id as left_customer_id,
    other.customer_id as right_customer_id, summed.weight
from summed
inner join accounts as one on one.node_key = summed.left_node_key
inner join accounts as other on other.node_key = summed.right_node_key
where summed.weight >= {{ var('identity_review_weight', 100) }}
