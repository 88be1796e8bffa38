{#-
    The tables that must hold the same rows on every warehouse: every model with an enforced contract, by name. In Jinja, a list of
    {name, relation, key, partition_by, columns}; columns is a list of {name, type, kind, length, scale} in the contract's order.

    The key is what a test of the model says is unique: the first unique_combination_of, else the first unique column.
-#}
{% macro marts_to_compare(names=none) -%}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') -%}
        {%- if node.contract.enforced and (names is none or node.name in names) -%}
            {%- set columns = [] -%}
            {%- for column in node.columns.values() -%}{%- do columns.append(contract_column(node.name, column)) -%}{%- endfor -%}
            {%- do found.append({
                'name': node.name,
                'relation': api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias),
                'key': contract_key(node),
                'partition_by': node.config.meta.get('partition_by'),
                'columns': columns,
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro contract_column(mart_name, column) -%}
    {%- set parts = modules.re.match('^([a-z]+)(?:[(]([0-9]+)(?:,[ ]*([0-9]+))?[)])?$', column.data_type) -%}
    {%- set kind = parts.group(1) -%}
    {%- if kind == 'decimal' and parts.group(2) | int > 18 -%}
        {{ exceptions.raise_compiler_error(
            "parity: column " ~ column.name ~ " of " ~ mart_name ~ " is " ~ column.data_type ~ "; a fingerprint takes decimals of at most 18 digits."
        ) }}
    {%- endif -%}
    {{ return({
        'name': column.name, 'type': column.data_type, 'kind': kind,
        'length': parts.group(2) | int if kind == 'text' else none, 'scale': parts.group(3) | int if kind == 'decimal' else none,
    }) }}
{%- endmacro %}

{% macro contract_key(node) -%}
    {%- set tests = graph.nodes.values() | selectattr('resource_type', 'equalto', 'test') | selectattr('attached_node', 'equalto', node.unique_id) | list -%}
    {%- for test in tests if test.test_metadata.name == 'unique_combination_of' -%}
        {{ return(test.test_metadata.kwargs.columns | list) }}
    {%- endfor -%}
    {%- set unique = tests | selectattr('test_metadata.name', 'equalto', 'unique') | map(attribute='column_name') | list -%}
    {%- for column in node.columns if column in unique -%}
        {{ return([column]) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("parity: no test says what is unique in " ~ node.name ~ "; add unique or unique_combination_of to its YAML.") }}
{%- endmacro %}
