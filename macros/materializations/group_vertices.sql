{#-
    The graph algorithm: from edges to components with nothing but joins, group by, min, row_number and create table as.

    Vertices get numbers in the order of their keys, so that every run takes the same rounds. Each round, every vertex points at its smallest neighbour, so the
    only cycles are pairs; each pair is broken at its smaller end; pointers are followed to their roots by doubling,
    where only vertices that are not yet there are looked at again; edges are redrawn between roots. Vertices at least
    halve each round, so there are at most log2(vertices) rounds, whatever the graph's shape. At the end the rounds are
    composed from the last, which is the smallest, to the first.

    edges   SQL that yields (left_node_key, right_node_key); a vertex without neighbours as an edge to itself.
    into    working table to build: (node_key, component_node_key), every vertex with the smallest key of its component.
    Gives the sentence that tells rounds and jumps.
-#}
{% macro group_vertices(edges, into) -%}
    {%- do drop_group_workings() -%}
    {%- do rebuild_working('drawn', edges) -%}
    {%- set drawn, vertices = working_relation('drawn'), working_relation('vertices') -%}
    {%- do rebuild_working('vertices',
        'select node_key, row_number() over (order by node_key) as vertex from (select left_node_key as node_key from ' ~ drawn ~ ' ' ~ union_distinct()
        ~ ' select right_node_key as node_key from ' ~ drawn ~ ') as ends') -%}
    {%- do rebuild_working('lines_1', first_lines()) -%}
    {%- do drop_working('drawn') -%}
    {%- set state = namespace(lines=count_rows(working_relation('lines_1')), round=0, jumps=0, most=most_rounds(count_rows(vertices))) -%}
    {%- for round in range(state.most) if state.lines > 0 -%}
        {%- set state.round = state.round + 1 -%}
        {%- do point_and_follow(state) -%}
        {%- do redraw_lines(state) -%}
    {%- endfor -%}
    {%- if state.lines > 0 -%}
        {{ exceptions.raise_compiler_error("connected_components: " ~ this ~ " did not converge in " ~ state.most ~ " rounds, which cannot be; " ~ state.lines ~ " edges are left. Run the model again with --full-refresh.") }}
    {%- endif -%}
    {%- do rebuild_working(into, named_components(state)) -%}
    {%- do drop_group_workings() -%}
    {{ return('converged after ' ~ state.round ~ ' rounds (at most ' ~ state.most ~ ') and ' ~ state.jumps ~ ' pointer jumps') }}
{%- endmacro %}

{#-
    Tables of the rounds; a killed run may have left any of them. Those of a later round exist only together with the
    roots of all earlier ones, because the latest are dropped first.
-#}
{% macro drop_group_workings() -%}
    {%- for part in ['drawn', 'vertices', 'pointers', 'rooted', 'climbing', 'climbed', 'rooted_keys'] -%}{%- do drop_working(part) -%}{%- endfor -%}
    {%- set state = namespace(last=0) -%}
    {%- for round in range(64) if load_cached_relation(working_relation('roots_' ~ (round + 1))) is not none -%}
        {%- set state.last = round + 1 -%}
    {%- endfor -%}
    {%- for step in range(state.last + 2) -%}
        {%- for part in ['lines_', 'labels_', 'roots_'] -%}{%- do drop_working(part ~ (state.last + 1 - step)) -%}{%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- The least k with 2^k >= vertices. -#}
{% macro most_rounds(vertices) -%}
    {%- set state = namespace(k=0) -%}
    {%- for k in range(64) if 2 ** state.k < vertices -%}{%- set state.k = state.k + 1 -%}{%- endfor -%}
    {{ return(state.k) }}
{%- endmacro %}

{% macro first_lines() -%}
    select distinct
        case when left_end.vertex < right_end.vertex then left_end.vertex else right_end.vertex end as low,
        case when left_end.vertex < right_end.vertex then right_end.vertex else left_end.vertex end as high
    from {{ working_relation('drawn') }} as drawn
    inner join {{ working_relation('vertices') }} as left_end on left_end.node_key = drawn.left_node_key
    inner join {{ working_relation('vertices') }} as right_end on right_end.node_key = drawn.right_node_key
    where drawn.left_node_key <> drawn.right_node_key
{%- endmacro %}

{#- One round's roots_<round> (vertex, root): point, break pairs, jump. -#}
{% macro point_and_follow(state) -%}
    {%- set lines, roots = working_relation('lines_' ~ state.round), working_relation('roots_' ~ state.round) -%}
    {%- set pointers, rooted = working_relation('pointers'), working_relation('rooted') -%}
    {%- do rebuild_working('pointers',
        'select vertex, min(neighbour) as parent from (select low as vertex, high as neighbour from ' ~ lines
        ~ ' union all select high as vertex, low as neighbour from ' ~ lines ~ ') as ends group by vertex') -%}
    {#- the smaller end of each pair that points at each other becomes a root; only it points upwards -#}
    {%- do rebuild_working('rooted',
        'select here.vertex, case when there.vertex is null then here.parent else here.vertex end as parent from ' ~ pointers
        ~ ' as here left join (select vertex, parent from ' ~ pointers ~ ' where parent < vertex) as there on there.vertex = here.parent and there.parent = here.vertex') -%}
    {%- do rebuild_working('climbing',
        'select here.vertex, here.parent, there.parent as grandparent from ' ~ rooted ~ ' as here inner join ' ~ rooted ~ ' as there on there.vertex = here.parent') -%}
    {%- do rebuild_working('roots_' ~ state.round, 'select vertex, parent as root from ' ~ working_relation('climbing') ~ ' where parent = grandparent') -%}
    {%- do rebuild_working('climbed', 'select vertex, grandparent as parent from ' ~ working_relation('climbing') ~ ' where parent <> grandparent') -%}
    {%- do move_working('climbed', 'climbing') -%}
    {%- set state.jumps = state.jumps + 1 -%}
    {%- set moving = namespace(count=count_rows(working_relation('climbing'))) -%}
    {%- for step in range(64) if moving.count > 0 -%}
        {%- set climbing = working_relation('climbing') -%}
        {%- do rebuild_working('climbed',
            'select here.vertex, coalesce(arrived.root, there.parent) as parent, case when arrived.root is null then 0 else 1 end as has_arrived from ' ~ climbing
            ~ ' as here left join ' ~ roots ~ ' as arrived on arrived.vertex = here.parent left join ' ~ climbing ~ ' as there on there.vertex = here.parent') -%}
        {%- do change('insert into ' ~ roots ~ ' (vertex, root) select vertex, parent from ' ~ working_relation('climbed') ~ ' where has_arrived = 1') -%}
        {%- do rebuild_working('climbing', 'select vertex, parent from ' ~ working_relation('climbed') ~ ' where has_arrived = 0') -%}
        {%- set state.jumps = state.jumps + 1 -%}
        {%- set moving.count = count_rows(working_relation('climbing')) -%}
    {%- endfor -%}
{%- endmacro %}

{#- The next round's lines, between the roots of this one. -#}
{% macro redraw_lines(state) -%}
    {%- set lines, roots = working_relation('lines_' ~ state.round), working_relation('roots_' ~ state.round) -%}
    {%- set next = 'lines_' ~ (state.round + 1) -%}
    {%- do rebuild_working(next,
        'select distinct case when one.root < other.root then one.root else other.root end as low, case when one.root < other.root then other.root else one.root end as high from '
        ~ lines ~ ' as lines inner join ' ~ roots ~ ' as one on one.vertex = lines.low inner join ' ~ roots
        ~ ' as other on other.vertex = lines.high where one.root <> other.root') -%}
    {%- do drop_working('lines_' ~ state.round) -%}
    {%- set state.lines = count_rows(working_relation(next)) -%}
    {%- do log(this.identifier ~ ': round ' ~ state.round ~ ', ' ~ state.lines ~ ' edges left', info=true) -%}
{%- endmacro %}

{#- Composes the rounds backwards, and names each component by its smallest key. -#}
{% macro named_components(state) -%}
    {%- set vertices = working_relation('vertices') -%}
    {%- if state.round == 0 -%}
        {{ return('select node_key, node_key as component_node_key from ' ~ vertices) }}
    {%- endif -%}
    {%- for step in range(state.round - 1) -%}
        {%- set round = state.round - 1 - step -%}
        {%- set later = working_relation(('roots_' if step == 0 else 'labels_') ~ (round + 1)) -%}
        {%- do rebuild_working('labels_' ~ round,
            'select earlier.vertex, coalesce(later.root, earlier.root) as root from ' ~ working_relation('roots_' ~ round) ~ ' as earlier left join '
            ~ later ~ ' as later on later.vertex = earlier.root') -%}
    {%- endfor -%}
    {%- do rebuild_working('rooted_keys',
        'select vertices.node_key, coalesce(labels.root, vertices.vertex) as root from ' ~ vertices ~ ' as vertices left join '
        ~ working_relation('roots_1' if state.round == 1 else 'labels_1') ~ ' as labels on labels.vertex = vertices.vertex') -%}
    {%- do drop_working('vertices') -%}
    {{ return(
        'select rooted.node_key, first_ones.node_key as component_node_key from ' ~ working_relation('rooted_keys')
        ~ ' as rooted inner join (select root, min(node_key) as node_key from ' ~ working_relation('rooted_keys')
        ~ ' group by root) as first_ones on first_ones.root = rooted.root'
    ) }}
{%- endmacro %}
