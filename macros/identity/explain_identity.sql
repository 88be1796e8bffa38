{#-
    Run-operation: why two identifiers are one person, or why not.

    dbt run-operation explain_identity --args '{a: "email:anna@example.com", b: "phone:4930123456"}'

    a, b    an identifier as kind:value, a value alone when it is known under one kind only, or a node key (32 digits).
            Values may be spelt as a source spells them.
    Prints the shortest path of edges between both, of several one that takes strong rules first, each edge with its rules,
    sources, dates and number of records; then, for each step, what would split off if its edges were withdrawn. When both
    are different persons: the refused edges between them, with the reasons. The same goes to programs through tell().
    Fails with a sentence when an identifier is not known.
-#}
{% macro explain_identity(a, b) -%}
    {%- if execute -%}
        {%- set one, other = known_identifier(a), known_identifier(b) -%}
        {%- if one.component == other.component -%}
            {%- set story = joined_story(one, other) -%}
        {%- else -%}
            {%- set story = separate_story(one, other) -%}
        {%- endif -%}
        {%- for line in story.lines -%}{%- do log(line, info=true) -%}{%- endfor -%}
        {%- do tell('explain_identity', story.facts) -%}
    {%- endif -%}
{%- endmacro %}

{% macro identity_relation(name) -%}
    {%- set nodes = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | selectattr('name', 'equalto', name) | list -%}
    {%- set relation = adapter.get_relation(nodes[0].database, nodes[0].schema, nodes[0].alias) if nodes else none -%}
    {%- if relation is none -%}
        {{ exceptions.raise_compiler_error("explain_identity: " ~ name ~ " is not built on this target; run dbt build first.") }}
    {%- endif -%}
    {{ return(relation) }}
{%- endmacro %}

{#- What the graph knows of an identifier: key, kind, value, component, customer. -#}
{% macro known_identifier(given) -%}
    {%- set told = given | string -%}
    {%- set kind = told.split(':')[0] if ':' in told else none -%}
    {%- set value = text_literal((told.split(':')[1:] | join(':')) if kind else told) -%}
    {%- set query -%}
        select distinct observed.node_key, observed.identifier_type, observed.identifier_value, components.component_node_key, identities.customer_key, observed.denied_because
        from {{ identity_relation('int_identity__observed') }} as observed
        left join {{ identity_relation('int_identity__components') }} as components on components.node_key = observed.node_key
        left join {{ identity_relation('identity_map') }} as identities on identities.node_key = observed.node_key and identities.is_current = 1
        inner join {{ identity_relation('identity_types') }} as types on types.identifier_type = observed.identifier_type
        where observed.node_key = {{ text_literal(told) }}
            or ({{ "observed.identifier_type = " ~ text_literal(kind) ~ " and " if kind }}observed.identifier_value = {{ normalised_identifier('types.normaliser', value) }})
    {%- endset -%}
    {%- set rows = run_query(query).rows -%}
    {%- if rows | length == 0 -%}
        {{ exceptions.raise_compiler_error("explain_identity: no record shows '" ~ told ~ "'; give kind:value, such as email:anna@example.com, or a node key.") }}
    {%- elif rows | length > 1 -%}
        {{ exceptions.raise_compiler_error("explain_identity: '" ~ told ~ "' is known as " ~ rows | map(attribute=1) | join(' and ') ~ "; say which with kind:value.") }}
    {%- elif rows[0][3] is none -%}
        {{ exceptions.raise_compiler_error("explain_identity: '" ~ told ~ "' stands for nobody: " ~ (rows[0][5] or 'it has no group') ~ ".") }}
    {%- endif -%}
    {{ return({'node_key': rows[0][0], 'name': rows[0][1] ~ ':' ~ rows[0][2], 'component': rows[0][3], 'customer': rows[0][4]}) }}
{%- endmacro %}

{#- Names and edges of one person, and who is next to whom. Edges of several rules between two identifiers are one step. -#}
{% macro person_graph(component) -%}
    {%- set names, steps, neighbours = {}, {}, {} -%}
    {%- set components, observed = identity_relation('int_identity__components'), identity_relation('int_identity__observed') -%}
    {%- for row in run_query("select distinct components.node_key, observed.identifier_type, observed.identifier_value from " ~ components
            ~ " as components left join " ~ observed ~ " as observed on observed.node_key = components.node_key where components.component_node_key = " ~ text_literal(component)).rows -%}
        {%- do names.update({row[0]: (row[1] ~ ':' ~ row[2]) if row[1] else 'mailbox ' ~ row[0]}) -%}
        {%- do neighbours.update({row[0]: []}) -%}
    {%- endfor -%}
    {%- set query -%}
        select edges.left_node_key, edges.right_node_key, edges.rule_name, edges.priority, rules.told_by, {{ date_text(date_of('edges.first_seen_at')) }} as first_seen, {{ date_text(date_of('edges.last_seen_at')) }} as last_seen, edges.record_count
        from {{ identity_relation('int_identity__edges') }} as edges
        inner join {{ identity_relation('identity_rules') }} as rules on rules.rule_name = edges.rule_name
        inner join {{ components }} as components on components.node_key = edges.left_node_key
        where components.component_node_key = {{ text_literal(component) }} and edges.left_node_key <> edges.right_node_key
        order by edges.priority, edges.rule_name, edges.left_node_key, edges.right_node_key
    {%- endset -%}
    {%- for row in run_query(query).rows -%}
        {%- set step = step_key(row[0], row[1]) -%}
        {%- if step not in steps -%}
            {%- do steps.update({step: []}) -%}
            {%- do neighbours[row[0]].append({'node': row[1], 'step': step, 'rank': row[3] | int}) -%}
            {%- do neighbours[row[1]].append({'node': row[0], 'step': step, 'rank': row[3] | int}) -%}
        {%- endif -%}
        {%- do steps[step].append({'rule': row[2], 'priority': row[3] | int, 'told_by': row[4], 'first_seen': row[5], 'last_seen': row[6], 'records': row[7] | int}) -%}
    {%- endfor -%}
    {{ return({'names': names, 'steps': steps, 'neighbours': neighbours}) }}
{%- endmacro %}

{% macro step_key(left, right) -%}
    {{ return(left ~ '|' ~ right if left < right else right ~ '|' ~ left) }}
{%- endmacro %}

{#- Breadth first from a node, without one step: {node: the node and step it was reached by}. -#}
{% macro reached_from(person, start, without=none) -%}
    {%- set reached, frontier = {start: none}, namespace(nodes=[start]) -%}
    {%- for round in range(person.names | length) if frontier.nodes -%}
        {%- set found = [] -%}
        {%- for node in frontier.nodes -%}
            {%- for next in person.neighbours[node] if next.step != without and next.node not in reached -%}
                {%- do reached.update({next.node: {'from': node, 'step': next.step, 'rank': next.rank}}) -%}
                {%- do found.append(next.node) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set frontier.nodes = found -%}
    {%- endfor -%}
    {{ return(reached) }}
{%- endmacro %}

{% macro joined_story(one, other) -%}
    {%- set person = person_graph(one.component) -%}
    {%- set reached = reached_from(person, one.node_key) -%}
    {%- set walk = namespace(node=other.node_key) -%}
    {%- set path = [] -%}
    {%- for step in range(person.names | length) if walk.node != one.node_key -%}
        {%- set back = reached[walk.node] -%}
        {%- do path.insert(0, {'left': back.from, 'right': walk.node, 'step': back.step}) -%}
        {%- set walk.node = back.from -%}
    {%- endfor -%}
    {%- set lines = [one.name ~ ' and ' ~ other.name ~ ' are one person' ~ (' (customer ' ~ one.customer ~ ')' if one.customer else '') ~ ', by ' ~ path | length ~ ' step(s) among ' ~ person.names | length ~ ' identifiers:'] -%}
    {%- set facts = {'is_one_person': true, 'customer_key': one.customer, 'path': []} -%}
    {%- for edge in path -%}
        {%- set rest = reached_from(person, one.node_key, edge.step) -%}
        {%- set leaving = [] -%}
        {%- for node in person.names if node not in rest -%}{%- do leaving.append(person.names[node]) -%}{%- endfor -%}
        {%- do lines.append('  ' ~ loop.index ~ '. ' ~ person.names[edge.left] ~ '  --  ' ~ person.names[edge.right] ~ '   [' ~ edge.left ~ ' ' ~ edge.right ~ ']') -%}
        {%- for told in person.steps[edge.step] -%}
            {%- do lines.append('       ' ~ told.rule ~ ' (rank ' ~ told.priority ~ ', told by ' ~ told.told_by ~ '): ' ~ told.records ~ ' record(s), ' ~ told.first_seen ~ ' to ' ~ told.last_seen) -%}
        {%- endfor -%}
        {%- if other.node_key in rest -%}
            {%- do lines.append('       withdrawn, nothing would split: another path joins them') -%}
        {%- else -%}
            {%- do lines.append('       withdrawn, ' ~ leaving | length ~ ' identifier(s) would be another person: ' ~ (leaving | sort)[:5] | join(', ') ~ (', …' if leaving | length > 5 else '')) -%}
        {%- endif -%}
        {%- do facts.path.append({
            'left': person.names[edge.left], 'right': person.names[edge.right], 'left_node_key': edge.left, 'right_node_key': edge.right,
            'edges': person.steps[edge.step], 'would_split_off': [] if other.node_key in rest else leaving | sort
        }) -%}
    {%- endfor -%}
    {{ return({'lines': lines, 'facts': facts}) }}
{%- endmacro %}

{% macro separate_story(one, other) -%}
    {%- set components, observed = identity_relation('int_identity__components'), identity_relation('int_identity__observed') -%}
    {%- set query -%}
        select distinct left_node.identifier_type, left_node.identifier_value, right_node.identifier_type as right_type, right_node.identifier_value as right_value, rejected.rule_name, rejected.refused_because
        from {{ identity_relation('int_identity__edges_rejected') }} as rejected
        inner join {{ components }} as left_end on left_end.node_key = rejected.left_node_key
        inner join {{ components }} as right_end on right_end.node_key = rejected.right_node_key
        inner join {{ observed }} as left_node on left_node.node_key = rejected.left_node_key
        inner join {{ observed }} as right_node on right_node.node_key = rejected.right_node_key
        where left_end.component_node_key in ({{ text_literal(one.component) }}, {{ text_literal(other.component) }})
            and right_end.component_node_key in ({{ text_literal(one.component) }}, {{ text_literal(other.component) }})
            and left_end.component_node_key <> right_end.component_node_key
    {%- endset -%}
    {%- set refused = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do refused.append({'left': row[0] ~ ':' ~ row[1], 'right': row[2] ~ ':' ~ row[3], 'rule': row[4], 'refused_because': row[5]}) -%}
    {%- endfor -%}
    {%- set lines = [one.name ~ ' and ' ~ other.name ~ ' are two persons' ~ (' (customers ' ~ one.customer ~ ' and ' ~ other.customer ~ ')' if one.customer and other.customer else '') ~ '; '
        ~ ('refused evidence between them:' if refused else 'no record ties them together directly.')] -%}
    {%- for edge in refused | sort(attribute='left') -%}
        {%- do lines.append('  ' ~ edge.left ~ '  --  ' ~ edge.right ~ '   ' ~ edge.rule ~ ': ' ~ edge.refused_because) -%}
    {%- endfor -%}
    {{ return({'lines': lines, 'facts': {'is_one_person': false, 'customer_keys': [one.customer, other.customer], 'refused': refused}}) }}
{%- endmacro %}
