{#-
    Materialization connected_components: from edges to components, to convergence, without recursion.

    The model's SQL yields edges (left_node_key, right_node_key), a node without neighbours as an edge to itself. The
    table holds (node_key, component_node_key): every node with the smallest node key of its component.

    Each round, every vertex points at its smallest neighbour, so the only cycles are pairs; each pair is broken at its
    smaller end; pointers are followed to their roots by doubling; edges are redrawn between roots. Vertices at least
    halve each round, so there are at most log2(vertices) rounds, whatever the graph's shape. It needs only joins,
    group by, min and create table as; each step is one statement and one count.

    Working tables are dropped at the start and at the end, so a killed run leaves nothing that matters.
-#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set finished = working_relation('finished') -%}
    {{ run_hooks(pre_hooks) }}

    {%- do drop_working('finished') -%}
    {%- do rebuild_working('edges', working_edges(sql)) -%}
    {%- do rebuild_working('roots', 'select distinct node_key, node_key as root_key from (' ~ working_ends(sql) ~ ') as ends') -%}
    {%- set state = namespace(edges=count_rows(working_relation('edges')), rounds=0, jumps=0, moving=0) -%}
    {%- for round in range(64) if state.edges > 0 -%}
        {%- do contract_edges(state) -%}
    {%- endfor -%}
    {%- if state.edges > 0 -%}
        {{ exceptions.raise_compiler_error("connected_components: " ~ this ~ " did not converge in 64 rounds; " ~ state.edges ~ " edges are left.") }}
    {%- endif -%}
    {%- do log(this.identifier ~ ': converged after ' ~ state.rounds ~ ' rounds and ' ~ state.jumps ~ ' pointer jumps', info=true) -%}

    {%- call statement('main') -%}
        {{ get_create_table_as_sql(False, finished, components_of_roots()) }}
    {%- endcall -%}
    {%- if existing_relation is not none -%}{%- do adapter.drop_relation(existing_relation) -%}{%- endif -%}
    {%- do adapter.rename_relation(finished, target_relation) -%}
    {%- for part in ['edges', 'roots', 'pointers', 'jumped'] -%}{%- do drop_working(part) -%}{%- endfor -%}

    {{ run_hooks(post_hooks) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro working_relation(part) -%}
    {{ return(api.Relation.create(database=this.database, schema=this.schema, identifier=this.identifier ~ '__' ~ part, type='table')) }}
{%- endmacro %}

{% macro drop_working(part) -%}
    {%- do adapter.drop_relation(working_relation(part)) -%}
{%- endmacro %}

{% macro rebuild_working(part, sql) -%}
    {%- do drop_working(part) -%}
    {%- call statement('working') -%}{{ get_create_table_as_sql(False, working_relation(part), sql) }}{%- endcall -%}
{%- endmacro %}

{#- The new content of a working table that is made from its old one. -#}
{% macro replace_working(part, sql) -%}
    {%- do rebuild_working('jumped', sql) -%}
    {%- do drop_working(part) -%}
    {%- do adapter.rename_relation(working_relation('jumped'), working_relation(part)) -%}
{%- endmacro %}

{% macro count_rows(relation, predicate='1 = 1') -%}
    {{ return(run_query('select ' ~ row_count() ~ ' from ' ~ relation ~ ' where ' ~ predicate).rows[0][0] | int) }}
{%- endmacro %}

{% macro working_ends(sql) -%}
    select left_node_key as node_key from ({{ sql }}) as left_ends
    union all
    select right_node_key as node_key from ({{ sql }}) as right_ends
{%- endmacro %}

{% macro working_edges(sql) -%}
    select distinct left_node_key as from_key, right_node_key as to_key from ({{ sql }}) as forward where left_node_key <> right_node_key
    {{ union_distinct() }}
    select distinct right_node_key as from_key, left_node_key as to_key from ({{ sql }}) as backward where left_node_key <> right_node_key
{%- endmacro %}

{#- One round: point, break pairs, jump to the roots, compose, redraw the edges. -#}
{% macro contract_edges(state) -%}
    {%- set edges, roots, pointers = working_relation('edges'), working_relation('roots'), working_relation('pointers') -%}
    {%- do rebuild_working('pointers', 'select from_key as node_key, min(to_key) as root_key from ' ~ edges ~ ' group by from_key') -%}
    {%- do replace_working('pointers',
        'select p.node_key, case when q.root_key = p.node_key and p.node_key < p.root_key then p.node_key else p.root_key end as root_key from '
        ~ pointers ~ ' as p inner join ' ~ pointers ~ ' as q on q.node_key = p.root_key') -%}
    {%- set jump = 'select p.node_key, q.root_key from ' ~ pointers ~ ' as p inner join ' ~ pointers ~ ' as q on q.node_key = p.root_key' -%}
    {%- set unfinished = pointers ~ ' as p inner join ' ~ pointers ~ ' as q on q.node_key = p.root_key' -%}
    {%- set state.moving = count_rows(unfinished, 'q.root_key <> p.root_key') -%}
    {%- for step in range(64) if state.moving > 0 -%}
        {%- do replace_working('pointers', jump) -%}
        {%- set state.jumps = state.jumps + 1 -%}
        {%- set state.moving = count_rows(unfinished, 'q.root_key <> p.root_key') -%}
    {%- endfor -%}
    {%- do replace_working('roots',
        'select r.node_key, coalesce(p.root_key, r.root_key) as root_key from ' ~ roots ~ ' as r left join ' ~ pointers ~ ' as p on p.node_key = r.root_key') -%}
    {%- do replace_working('edges',
        'select distinct a.root_key as from_key, b.root_key as to_key from ' ~ edges ~ ' as e inner join ' ~ pointers ~ ' as a on a.node_key = e.from_key inner join '
        ~ pointers ~ ' as b on b.node_key = e.to_key where a.root_key <> b.root_key') -%}
    {%- set state.edges = count_rows(edges) -%}
    {%- set state.rounds = state.rounds + 1 -%}
    {%- do log(this.identifier ~ ': round ' ~ state.rounds ~ ', ' ~ state.edges ~ ' edges left', info=true) -%}
{%- endmacro %}

{% macro components_of_roots() -%}
    select r.node_key, smallest.component_node_key
    from {{ working_relation('roots') }} as r
    inner join (
        select root_key, min(node_key) as component_node_key from {{ working_relation('roots') }} group by root_key
    ) as smallest on smallest.root_key = r.root_key
{%- endmacro %}
