{#-
    Materialization connected_components: from edges to components, to convergence, without recursion, and kept up to
    date at the cost of what changed.

    The model's SQL yields edges (left_node_key, right_node_key), a node without neighbours as an edge to itself. The
    table holds (node_key, component_node_key): every node with the smallest node key of its component.

    First build, or --full-refresh: all edges are grouped (group_vertices.sql). Beside the table stays <model>__applied,
    the edges it was built from; its existence says that the table is whole.
    Later builds: the edges are compared with <model>__applied. Added edges join whole components, each of which counts
    as one vertex; a removed edge dissolves its component into nodes and its remaining edges. Only these are grouped.
    With config(changes_only=true) the model need not repeat what was there: when components_are_kept() it yields only
    changed edges, with is_removed (0 or 1) as a third column; of an edge that comes both ways, 0 counts.

    Safe to kill at any statement, also where each statement commits on its own: until <model>__moves has its name,
    nothing that lasts was touched; from then on the next build applies it again before anything else.
-#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- if components_are_kept() -%}
        {%- if load_cached_relation(working_relation('moves')) is not none -%}{%- do apply_moves() -%}{%- endif -%}
        {%- do drop_component_workings() -%}
        {%- do find_changes(sql) -%}
        {%- set said = regroup_changes() -%}
    {%- else -%}
        {%- do drop_working('applied') -%}
        {%- do drop_working('moves') -%}
        {%- do drop_component_workings() -%}
        {%- do rebuild_working('found', normalised_edges(sql)) -%}
        {%- set said = group_vertices('select left_node_key, right_node_key from ' ~ working_relation('found'), 'finished') -%}
        {%- set existing_relation = load_cached_relation(this) -%}
        {%- if existing_relation is not none -%}{%- do adapter.drop_relation(existing_relation) -%}{%- endif -%}
        {%- do adapter.rename_relation(working_relation('finished'), target_relation) -%}
        {%- do adapter.rename_relation(working_relation('found'), working_relation('applied')) -%}
    {%- endif -%}
    {%- do drop_component_workings() -%}
    {%- do log(this.identifier ~ ': ' ~ said, info=true) -%}
    {#- dbt wants one statement of this name; the work was done by those before -#}
    {%- call statement('main') -%}select {{ row_count() }} from {{ target_relation }}{%- endcall -%}

    {{ run_hooks(post_hooks) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Whether this build goes on from the last one; for the SQL of models with changes_only. -#}
{% macro components_are_kept() -%}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {%- if not flags.INTROSPECT -%}{{ return(var('compile_as_incremental', false)) }}{%- endif -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {{ return(
        existing_relation is not none and existing_relation.type == 'table'
        and load_cached_relation(working_relation('applied')) is not none and not should_full_refresh()
    ) }}
{%- endmacro %}

{% macro drop_component_workings() -%}
    {%- for part in ['given', 'found', 'added', 'removed', 'dissolved', 'remaining', 'ends', 'labels', 'finished', 'moved'] -%}
        {%- do drop_working(part) -%}
    {%- endfor -%}
    {%- do drop_group_workings() -%}
{%- endmacro %}

{#- Each pair once, the smaller key on the left. -#}
{% macro normalised_edges(sql) -%}
    select distinct
        case when left_node_key < right_node_key then left_node_key else right_node_key end as left_node_key,
        case when left_node_key < right_node_key then right_node_key else left_node_key end as right_node_key
    from ({{ sql }}) as edges
{%- endmacro %}

{#- Working tables added and removed: what the applied edges lack, and what they have too much. -#}
{% macro find_changes(sql) -%}
    {%- set applied, given = working_relation('applied'), working_relation('given') -%}
    {%- if config.get('changes_only', false) -%}
        {%- do rebuild_working('given', 'select is_removed, left_node_key, right_node_key from (' ~ sql ~ ') as changes') -%}
        {%- set told = 'select left_node_key, right_node_key from ' ~ given ~ ' where is_removed = ' -%}
        {%- do rebuild_working('found', known_edges(normalised_edges('select left_node_key, right_node_key from ' ~ given))) -%}
        {%- set known = 'select left_node_key, right_node_key from ' ~ working_relation('found') -%}
        {%- do rebuild_working('added', normalised_edges(told ~ '0') ~ ' ' ~ except_distinct() ~ ' ' ~ known) -%}
        {%- do rebuild_working('removed', known_edges(normalised_edges(told ~ '1') ~ ' ' ~ except_distinct() ~ ' ' ~ normalised_edges(told ~ '0'))) -%}
    {%- else -%}
        {%- do rebuild_working('given', normalised_edges(sql)) -%}
        {%- set now = 'select left_node_key, right_node_key from ' ~ given -%}
        {%- set before = 'select left_node_key, right_node_key from ' ~ applied -%}
        {%- do rebuild_working('added', now ~ ' ' ~ except_distinct() ~ ' ' ~ before) -%}
        {%- do rebuild_working('removed', before ~ ' ' ~ except_distinct() ~ ' ' ~ now) -%}
    {%- endif -%}
{%- endmacro %}

{% macro known_edges(sql) -%}
    select told.left_node_key, told.right_node_key
    from ({{ sql }}) as told
    inner join {{ working_relation('applied') }} as applied
        on applied.left_node_key = told.left_node_key and applied.right_node_key = told.right_node_key
{%- endmacro %}

{#- Groups what the changes touch and applies it; gives the sentence to log. -#}
{% macro regroup_changes() -%}
    {%- set added, removed = working_relation('added'), working_relation('removed') -%}
    {%- set counts = {'added': count_rows(added), 'removed': count_rows(removed)} -%}
    {%- if counts.added + counts.removed == 0 -%}{{ return('nothing changed; converged after 0 rounds') }}{%- endif -%}
    {%- do rebuild_working('dissolved',
        'select distinct kept.component_node_key from ' ~ removed ~ ' as removed inner join ' ~ this
        ~ ' as kept on kept.node_key = removed.left_node_key') -%}
    {%- do rebuild_working('remaining', remaining_edges(counts.removed)) -%}
    {%- do rebuild_working('ends', ends_of_added()) -%}
    {%- set said = group_vertices(touched_edges(), 'labels') -%}
    {%- do rebuild_working('moved', moved_nodes()) -%}
    {%- set moved = count_rows(working_relation('moved')) -%}
    {%- do adapter.rename_relation(working_relation('moved'), working_relation('moves')) -%}
    {%- do apply_moves() -%}
    {{ return(said ~ '; ' ~ counts.added ~ ' edges added, ' ~ counts.removed ~ ' removed, ' ~ moved ~ ' nodes written') }}
{%- endmacro %}

{#- What is left of the dissolved components: their edges without the removed ones. -#}
{% macro remaining_edges(removed_count) -%}
    {%- if removed_count == 0 -%}
    select left_node_key, right_node_key from {{ working_relation('removed') }}
    {%- else -%}
    select applied.left_node_key, applied.right_node_key
    from {{ working_relation('applied') }} as applied
    inner join (
        select kept.node_key from {{ this }} as kept
        inner join {{ working_relation('dissolved') }} as dissolved on dissolved.component_node_key = kept.component_node_key
    ) as loose on loose.node_key = applied.left_node_key
    {{ except_distinct() }}
    select left_node_key, right_node_key from {{ working_relation('removed') }}
    {%- endif -%}
{%- endmacro %}

{#- Each end of an added edge and the vertex that stands for it: its component when that stays whole, else itself. -#}
{% macro ends_of_added() -%}
    select
        ends.node_key,
        case when kept.node_key is null or dissolved.component_node_key is not null then ends.node_key else kept.component_node_key end as vertex_key,
        case when kept.node_key is null or dissolved.component_node_key is not null then 1 else 0 end as is_loose
    from (
        select left_node_key as node_key from {{ working_relation('added') }}
        {{ union_distinct() }}
        select right_node_key as node_key from {{ working_relation('added') }}
    ) as ends
    left join {{ this }} as kept on kept.node_key = ends.node_key
    left join {{ working_relation('dissolved') }} as dissolved on dissolved.component_node_key = kept.component_node_key
{%- endmacro %}

{% macro touched_edges() -%}
    select left_node_key, right_node_key from {{ working_relation('remaining') }}
    union all
    select left_end.vertex_key as left_node_key, right_end.vertex_key as right_node_key
    from {{ working_relation('added') }} as added
    inner join {{ working_relation('ends') }} as left_end on left_end.node_key = added.left_node_key
    inner join {{ working_relation('ends') }} as right_end on right_end.node_key = added.right_node_key
{%- endmacro %}

{#- Nodes with a new component: of components that were joined to a smaller name, and loose ones; NULL for a node that is gone. -#}
{% macro moved_nodes() -%}
    select kept.node_key, labels.component_node_key
    from {{ this }} as kept
    inner join {{ working_relation('labels') }} as labels on labels.node_key = kept.component_node_key
    left join {{ working_relation('dissolved') }} as dissolved on dissolved.component_node_key = kept.component_node_key
    where labels.component_node_key <> kept.component_node_key and dissolved.component_node_key is null
    union all
    select labels.node_key, labels.component_node_key
    from {{ working_relation('labels') }} as labels
    inner join ({{ loose_nodes() }}) as loose on loose.node_key = labels.node_key
    union all
    select kept.node_key, null as component_node_key
    from {{ this }} as kept
    inner join {{ working_relation('dissolved') }} as dissolved on dissolved.component_node_key = kept.component_node_key
    left join ({{ loose_nodes() }}) as loose on loose.node_key = kept.node_key
    where loose.node_key is null
{%- endmacro %}

{% macro loose_nodes() -%}
    select left_node_key as node_key from {{ working_relation('remaining') }}
    {{ union_distinct() }}
    select right_node_key as node_key from {{ working_relation('remaining') }}
    {{ union_distinct() }}
    select node_key from {{ working_relation('ends') }} where is_loose = 1
{%- endmacro %}

{#- Idempotent, so that it may be begun again from its first line after a kill: the moves go last. -#}
{% macro apply_moves() -%}
    {%- set moves, applied = working_relation('moves'), working_relation('applied') -%}
    {%- do change('delete from ' ~ this ~ ' where node_key in (select node_key from ' ~ moves ~ ')') -%}
    {%- do change('insert into ' ~ this ~ ' (node_key, component_node_key) select node_key, component_node_key from '
        ~ moves ~ ' where component_node_key is not null') -%}
    {%- for part in ['removed', 'added'] -%}
        {#- other names inside, so that the bare ones outside mean the table: BigQuery knows no longer name for them -#}
        {%- do change('delete from ' ~ applied ~ ' where exists (select 1 from (select left_node_key as gone_left, right_node_key as gone_right from '
            ~ working_relation(part) ~ ') as gone where gone.gone_left = left_node_key and gone.gone_right = right_node_key)') -%}
    {%- endfor -%}
    {%- do change('insert into ' ~ applied ~ ' (left_node_key, right_node_key) select left_node_key, right_node_key from ' ~ working_relation('added')) -%}
    {%- do drop_working('moves') -%}
{%- endmacro %}
