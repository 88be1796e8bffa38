{#-
    Materialization guarded_components: groups of nodes that keep limits, by joining edges from the strongest rank to the
    weakest and leaving out, per rank, what would break a limit.

    The model's SQL yields edges (left_node_key, right_node_key, priority), 1 the strongest. The table holds (node_key,
    component_node_key), named by the smallest key. A group breaks a limit when it has more than var
    identity_most_identifiers nodes, or when both values of one contradiction of int_identity__traits vary in it. No
    group of the table does, and no order of arrival changes it: the outcome is a function of the edges alone.

    Meant for the few components that are suspect; one grouping per rank. Rebuilt whole each time, so a kill leaves
    nothing that the next build does not drop.
-#}
{% materialization guarded_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- do drop_guard_workings() -%}
    {%- do rebuild_working('ranked', 'select left_node_key, right_node_key, priority from (' ~ sql ~ ') as edges') -%}
    {%- set ranked = working_relation('ranked') -%}
    {%- do rebuild_working('groups', 'select node_key, node_key as component_node_key from (select left_node_key as node_key from '
        ~ ranked ~ ' ' ~ union_distinct() ~ ' select right_node_key as node_key from ' ~ ranked ~ ') as ends') -%}
    {%- for row in run_query('select distinct priority from ' ~ ranked ~ ' order by priority').rows -%}
        {%- do join_rank(row[0]) -%}
    {%- endfor -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- if existing_relation is not none -%}{%- do adapter.drop_relation(existing_relation) -%}{%- endif -%}
    {%- do adapter.rename_relation(working_relation('groups'), target_relation) -%}
    {%- do drop_guard_workings() -%}
    {%- call statement('main') -%}select {{ row_count() }} from {{ target_relation }}{%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro drop_guard_workings() -%}
    {%- for part in ['ranked', 'groups', 'regrouped', 'joined', 'proposed', 'merged'] -%}{%- do drop_working(part) -%}{%- endfor -%}
    {%- do drop_group_workings() -%}
{%- endmacro %}

{% macro join_rank(priority) -%}
    {%- set groups, merged, joined = working_relation('groups'), working_relation('merged'), working_relation('joined') -%}
    {%- do rebuild_working('proposed',
        'select distinct one.component_node_key as left_node_key, other.component_node_key as right_node_key from ' ~ working_relation('ranked')
        ~ ' as edges inner join ' ~ groups ~ ' as one on one.node_key = edges.left_node_key inner join ' ~ groups
        ~ ' as other on other.node_key = edges.right_node_key where edges.priority = ' ~ priority
        ~ ' and one.component_node_key <> other.component_node_key') -%}
    {%- if count_rows(working_relation('proposed')) > 0 -%}
        {%- do group_vertices('select left_node_key, right_node_key from ' ~ working_relation('proposed'), 'merged') -%}
        {%- do rebuild_working('joined',
            'select grouped.node_key, grouped.component_node_key, merged.component_node_key as joined_node_key from ' ~ groups
            ~ ' as grouped inner join ' ~ merged ~ ' as merged on merged.node_key = grouped.component_node_key') -%}
        {%- do rebuild_working('merged', groups_within_limits(joined)) -%}
        {%- do rebuild_working('regrouped',
            'select grouped.node_key, coalesce(merged.joined_node_key, grouped.component_node_key) as component_node_key from ' ~ groups
            ~ ' as grouped left join ' ~ joined ~ ' as joined on joined.node_key = grouped.node_key left join ' ~ merged
            ~ ' as merged on merged.joined_node_key = joined.joined_node_key') -%}
        {%- do move_working('regrouped', 'groups') -%}
    {%- endif -%}
{%- endmacro %}

{% macro groups_within_limits(joined) -%}
    select sizes.joined_node_key
    from (
        select joined_node_key from {{ joined }}
        group by joined_node_key having count(node_key) <= {{ var('identity_most_identifiers', 100) }}
    ) as sizes
    left join (
        select distinct contradictory.joined_node_key
        from (
            select joined.joined_node_key, traits.contradiction_name
            from {{ joined }} as joined
            inner join {{ ref('int_identity__traits') }} as traits on traits.node_key = joined.node_key
            group by joined.joined_node_key, traits.contradiction_name
            having min(traits.first_value) <> max(traits.first_value) and min(traits.second_value) <> max(traits.second_value)
        ) as contradictory
    ) as refused on refused.joined_node_key = sizes.joined_node_key
    where refused.joined_node_key is null
{%- endmacro %}
