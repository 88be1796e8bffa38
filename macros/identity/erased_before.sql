{#-
    The salted hashes of identifiers that builds before this one erased: what identity_tombstones holds now. Not a ref,
    because the tombstones are made from the graph and keep identifiers out of the next build's graph: the state of the
    build before, as {{ '{{ this }}' }} is to an incremental model. Empty before the first build.
-#}
{% macro erased_before() -%}
    {%- set tombstones = api.Relation.create(database=this.database, schema=this.schema, identifier='identity_tombstones', type='table') -%}
    {%- set is_there = execute and flags.INTROSPECT and load_cached_relation(tombstones) is not none -%}
    {%- if is_there or (execute and not flags.INTROSPECT and var('compile_as_incremental', false)) -%}
    select identifier_hash from {{ tombstones }}
    {%- else -%}
    select {{ cast_as('reason', 'text', 32) }} as identifier_hash from {{ ref('identity_denied_identifiers') }} where 1 = 0
    {%- endif -%}
{%- endmacro %}

{#- The salted hash of an identifier, as the tombstones keep it. -#}
{% macro tombstone_hash(identifier_type, identifier_value) -%}
    {{ cast_as(md5_hex(concatenate([identity_salt(), identifier_type, "':'", identifier_value])), 'text', 32) }}
{%- endmacro %}
