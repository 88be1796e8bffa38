{#-
    Run-operations of `make verify`: the schemas of a trial are those whose names are the scratch name or begin with it and '_'.
    Both refuse any name that is not one of a trial, so that nothing else can ever be touched.
-#}

{#- Run-operation: refuses when a schema of the trial is there already: it would be somebody else's. -#}
{% macro require_no_scratch_schemas(scratch) -%}
    {%- set there = scratch_schemas(scratch) -%}
    {%- if there -%}
        {{ exceptions.raise_compiler_error("verify: schema " ~ there[0] ~ " exists already and is somebody else's; nothing was touched, run it again for another name.") }}
    {%- endif -%}
{%- endmacro %}

{#- Run-operation: drops the trial's schemas with all that is in them, and tells their names. -#}
{% macro drop_scratch_schemas(scratch) -%}
    {%- set there = scratch_schemas(scratch) -%}
    {%- do begin_load() -%}
    {%- for name in there -%}
        {%- do adapter.drop_schema(api.Relation.create(database=target.database, schema=name)) -%}
    {%- endfor -%}
    {%- do commit_load() -%}
    {%- do tell('dropped', there) -%}
{%- endmacro %}

{% macro scratch_schemas(scratch) -%}
    {%- if not modules.re.match('^customer_360_verify_[0-9a-f]{12}$', scratch) -%}
        {{ exceptions.raise_compiler_error("verify: '" ~ scratch ~ "' is not the name of a trial; it must be customer_360_verify_ and twelve hex digits.") }}
    {%- endif -%}
    {%- if target.schema != scratch -%}
        {{ exceptions.raise_compiler_error("verify: CUSTOMER_360_SCHEMA is " ~ target.schema ~ ", not the trial's " ~ scratch ~ "; nothing was touched.") }}
    {%- endif -%}
    {#- dbt has no list of schemas that every adapter answers; the project itself knows which it writes. -#}
    {%- set names, found = [scratch, load_ledger().schema, scratch ~ '_parity'], [] -%}
    {%- for node in graph.nodes.values() if node.schema -%}{%- do names.append(node.schema) -%}{%- endfor -%}
    {%- for name in names | unique | sort -%}
        {%- if (name == scratch or name.startswith(scratch ~ '_')) and adapter.check_schema_exists(target.database, name) -%}{%- do found.append(name) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
