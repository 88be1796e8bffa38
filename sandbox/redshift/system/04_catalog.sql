-- Redshift's catalog tables of PostgreSQL's names, with Redshift's columns, without what is the stand-in's own.
-- https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html
create view redshift_catalog.pg_namespace as
select oid, nspname, nspowner, nspacl from pg_catalog.pg_namespace where not redshift_catalog.is_ours(nspname);

create view redshift_catalog.layouts as
select c.oid, c.relname, c.relnamespace, cast(l.label as jsonb) as layout,
    cast(l.label as jsonb) ->> 'diststyle' as diststyle, cast(l.label as jsonb) ->> 'distkey' as distkey,
    cast(l.label as jsonb) ->> 'sortstyle' as sortstyle,
    coalesce(cast(l.label as jsonb) -> 'sortkeys', '[]') as sortkeys
from pg_catalog.pg_class c
left join pg_catalog.pg_seclabel l
    on l.objoid = c.oid and l.classoid = cast('pg_catalog.pg_class' as regclass) and l.provider = 'layout';

-- reldiststyle: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO (r_PG_CLASS_INFO)
create view redshift_catalog.pg_class as
select c.oid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages,
    c.reltuples, c.relhasindex, c.relisshared, case c.relkind when 'm' then cast('r' as "char") else c.relkind end as relkind,
    c.relnatts, c.relhasrules, c.relacl,
    cast(case when c.relkind in ('r', 'm') then
        case l.diststyle when 'even' then 0 when 'key' then 1 when 'all' then 8 else 9 end else 0 end as smallint) as reldiststyle,
    cast(case when c.relkind in ('r', 'm') then
        case l.diststyle when 'even' then 0 when 'key' then 1 when 'all' then 8 else 10 end else 0 end as smallint) as releffectivediststyle
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join redshift_catalog.layouts l on l.oid = c.oid
where not redshift_catalog.is_ours(n.nspname) and c.relkind not in ('i', 'I', 't');

create view redshift_catalog.pg_class_info as
select oid as reloid, relname, relnamespace, reltype, relowner, relkind, relnatts, reltuples, relacl, reldiststyle,
    releffectivediststyle
from redshift_catalog.pg_class;

create view redshift_catalog.every_attribute as
select a.attrelid, a.attname, a.atttypid, a.attlen, a.attnum, a.attndims, a.atttypmod, a.attbyval, a.attalign, a.attstorage,
    a.attnotnull, a.atthasdef, a.attisdropped, a.attislocal, a.attacl,
    coalesce(l.distkey = a.attname, false) as attisdistkey,
    cast(coalesce((
        select case when l.sortstyle = 'interleaved' and k.place % 2 = 0 then -k.place else k.place end
        from pg_catalog.jsonb_array_elements_text(l.sortkeys) with ordinality as k(name, place) where k.name = a.attname
    ), 0) as integer) as attsortkeyord,
    cast(l.layout -> 'encodings' ->> a.attname as varchar) as attencoding
from pg_catalog.pg_attribute a
left join redshift_catalog.layouts l on l.oid = a.attrelid and l.layout is not null;

-- A late-binding view has no columns before it is read: only PG_GET_LATE_BINDING_VIEW_COLS and the SVV_ views tell them.
create function redshift_catalog.is_late(relation oid) returns boolean stable language sql
begin atomic
    select exists (
        select from pg_catalog.pg_seclabel
        where objoid = relation and classoid = cast('pg_catalog.pg_class' as regclass) and objsubid = 0 and provider = 'late');
end;

create view redshift_catalog.pg_attribute as
select * from redshift_catalog.every_attribute where not redshift_catalog.is_late(attrelid);

-- Triggers, event triggers and rules of lengths are not Redshift's.
create view redshift_catalog.pg_depend as
select classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype from pg_catalog.pg_depend
where classid <> cast('pg_catalog.pg_constraint' as regclass);

create view redshift_catalog.pg_proc as
select p.* from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where not redshift_catalog.is_ours(n.nspname);

create view redshift_catalog.pg_user as
select rolname as usename, cast(oid as integer) as usesysid, rolcreatedb as usecreatedb, rolsuper as usesuper,
    rolsuper as usecatupd, cast('********' as text) as passwd, cast(rolvaliduntil as timestamp) as valuntil,
    cast(null as text[]) as useconfig
from pg_catalog.pg_roles where rolcanlogin;

create view redshift_catalog.pg_group as
select cast(substr(r.rolname, 7) as name) as groname, cast(r.oid as integer) as grosysid,
    array(select cast(m.member as integer) from pg_catalog.pg_auth_members m where m.roleid = r.oid) as grolist
from pg_catalog.pg_roles r where r.rolname like 'group:%';

create view redshift_catalog.pg_tables as
select n.nspname as schemaname, c.relname as tablename, pg_catalog.pg_get_userbyid(c.relowner) as tableowner,
    cast(null as name) as tablespace, false as hasindexes, false as hasrules, false as hastriggers
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not redshift_catalog.is_ours(n.nspname);

-- The text of a view: as created for late-binding and materialized views, as PostgreSQL writes it for others.
create function redshift_catalog.view_text(view oid) returns text stable language sql as $$
    select coalesce(
        redshift_catalog.label(view, 'materialized') ->> 'text',
        redshift_catalog.label(view, 'late') ->> 'text',
        redshift_catalog.label(view, 'view') ->> 'query',
        case when redshift_catalog.label(view, 'late') is null then pg_catalog.pg_get_viewdef(view) end)
$$;

create view redshift_catalog.pg_views as
select n.nspname as schemaname, c.relname as viewname, pg_catalog.pg_get_userbyid(c.relowner) as viewowner,
    redshift_catalog.view_text(c.oid) as definition
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and not redshift_catalog.is_ours(n.nspname);

-- https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html: only tables along the search path
create view redshift_catalog.pg_table_def as
select cast(n.nspname as name) as schemaname, c.relname as tablename, a.attname as "column",
    redshift_catalog.format_type(a.atttypid, a.atttypmod) as type,
    cast(coalesce(a.attencoding, 'none') as char(32)) as encoding, a.attisdistkey as distkey, a.attsortkeyord as sortkey,
    a.attnotnull as notnull
from redshift_catalog.pg_attribute a
join redshift_catalog.pg_class c on c.oid = a.attrelid
join redshift_catalog.pg_namespace n on n.oid = c.relnamespace
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v')
and n.nspname = any (pg_catalog.current_schemas(false)) and n.nspname not in ('pg_catalog', 'information_schema');

create function redshift_catalog.current_schemas(boolean) returns name[] stable language sql as $$
    select array(select s from unnest(pg_catalog.current_schemas($1)) as s where not redshift_catalog.is_ours(s))
$$;

create schema redshift_information_schema;
grant usage on schema redshift_information_schema to public;

create view redshift_information_schema.schemata as
select pg_catalog.current_database() as catalog_name, nspname as schema_name, pg_catalog.pg_get_userbyid(nspowner) as schema_owner,
    cast(null as varchar) as default_character_set_catalog, cast(null as varchar) as default_character_set_schema,
    cast(null as varchar) as default_character_set_name, cast(null as varchar) as sql_path
from redshift_catalog.pg_namespace;

create view redshift_information_schema.tables as
select pg_catalog.current_database() as table_catalog, n.nspname as table_schema, c.relname as table_name,
    case when c.relkind = 'v' then 'VIEW' when n.nspname like 'pg\_temp%' then 'LOCAL TEMPORARY' else 'BASE TABLE' end as table_type,
    cast(null as varchar) as self_referencing_column_name, cast(null as varchar) as reference_generation,
    cast(null as varchar) as user_defined_type_catalog, cast(null as varchar) as user_defined_type_schema,
    cast(null as varchar) as user_defined_name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'p') and not redshift_catalog.is_ours(n.nspname);

create view redshift_information_schema.views as
select pg_catalog.current_database() as table_catalog, schemaname as table_schema, viewname as table_name,
    definition as view_definition, 'NONE' as check_option, 'NO' as is_updatable
from redshift_catalog.pg_views;

-- Name, and what SQL's catalog tells of it, of a type: length in bytes, precision and scale.
create function redshift_catalog.type_facts(
    type oid, modifier integer, out name text, out length integer, out precision_ integer, out scale integer, out moment integer
) stable language sql as $$
    select pg_catalog.regexp_replace(redshift_catalog.format_type(type, modifier), '\(.*?\)', ''),
        case when type in (1042, 1043, 25, 705)
            then cast(pg_catalog.substring(redshift_catalog.format_type(type, modifier), '[0-9]+') as integer) end,
        case type when 21 then 16 when 23 then 32 when 20 then 64 when 700 then 24 when 701 then 53
            when 1700 then case when modifier > 0 then ((modifier - 4) >> 16) & 65535 end end,
        case type when 21 then 0 when 23 then 0 when 20 then 0
            when 1700 then case when modifier > 0 then (modifier - 4) & 65535 end end,
        case when type in (1114, 1184, 1083, 1266) then 6 when type = 1082 then 0 end
$$;

create view redshift_catalog.every_column as
select a.attrelid, pg_catalog.current_database() as table_catalog, n.nspname as table_schema, c.relname as table_name,
    a.attname as column_name, cast(a.attnum as integer) as ordinal_position,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable, f.name as data_type,
    f.length as character_maximum_length, f.length as character_octet_length, f.precision_ as numeric_precision,
    case when a.atttypid in (20, 21, 23, 700, 701) then 2 when a.atttypid = 1700 then 10 end as numeric_precision_radix,
    f.scale as numeric_scale, f.moment as datetime_precision, cast(null as varchar) as interval_type,
    cast(null as varchar) as interval_precision, cast(null as varchar) as character_set_catalog,
    cast(null as varchar) as character_set_schema, cast(null as varchar) as character_set_name,
    cast(null as varchar) as collation_catalog, cast(null as varchar) as collation_schema,
    cast(null as varchar) as collation_name, pg_catalog.current_database() as udt_catalog, 'pg_catalog' as udt_schema,
    t.typname as udt_name
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'v', 'p')
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
cross join lateral redshift_catalog.type_facts(a.atttypid, a.atttypmod) f
where a.attnum > 0 and not a.attisdropped and not redshift_catalog.is_ours(n.nspname);

create view redshift_information_schema.columns as
select table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
    character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale,
    datetime_precision, interval_type, interval_precision, character_set_catalog, character_set_schema, character_set_name,
    collation_catalog, collation_schema, collation_name, udt_catalog, udt_schema, udt_name
from redshift_catalog.every_column where not redshift_catalog.is_late(attrelid);

-- What the language asks of a relation: names and Redshift's types.
create function redshift_catalog.columns_of(schema_name text, relation_name text)
returns table (name text, type text) stable language sql as $$
    select a.attname, redshift_catalog.format_type(a.atttypid, a.atttypmod)
    from pg_catalog.pg_attribute a
    where a.attrelid = redshift_catalog.relation_of(schema_name, relation_name) and a.attnum > 0 and not a.attisdropped
    order by a.attnum
$$;

create function redshift_catalog.user_path() returns text stable language sql as $$
    select string_agg(btrim(part), ', ' order by place)
    from string_to_table(current_setting('search_path'), ',') with ordinality as parts(part, place)
    where btrim(part, ' "') not in ('redshift_catalog', 'pg_catalog')
$$;

-- What a function of one's own returns; its overloads may differ, then NULL stands for a type that is not known.
create function redshift_catalog.function_of(schema_name text, function_name text)
returns table (type text) stable language sql as $$
    select case when count(distinct p.prorettype) = 1
        then redshift_catalog.format_type(min(cast(p.prorettype as integer)), -1) end
    from pg_catalog.pg_proc p
    where p.proname = function_name and p.prokind = 'f'
    and p.pronamespace = (
        select n.oid from pg_catalog.pg_namespace n
        where n.nspname = any (case when schema_name is null then redshift_catalog.current_schemas(false)
            else array[cast(schema_name as name)] end)
        and n.nspname not in ('pg_catalog', 'information_schema') and not redshift_catalog.is_ours(n.nspname)
        and exists (select from pg_catalog.pg_proc f where f.pronamespace = n.oid and f.proname = function_name)
        order by pg_catalog.array_position(redshift_catalog.current_schemas(false), n.nspname)
        limit 1
    )
    group by p.pronamespace
$$;

create function redshift_catalog.kind_of(schema_name text, relation_name text) returns text stable language sql as $$
    select case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' else 'other' end
    from pg_catalog.pg_class c where c.oid = redshift_catalog.relation_of(schema_name, relation_name)
$$;
