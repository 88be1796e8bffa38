-- Late-binding views (CREATE VIEW … WITH NO SCHEMA BINDING): ordinary views whose dependencies are forgotten, so that tables
-- under them can be dropped. Before a statement that names one, the server asks stale_late_views() and binds those anew.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
create view redshift_catalog.late_binding_views as
select c.oid, n.nspname as schema, c.relname as name, cast(l.label as jsonb) ->> 'text' as text,
    nullif(cast(l.label as jsonb) -> 'refs', 'null') as refs, coalesce(cast(l.label as jsonb) ->> 'path', '') as path
from pg_catalog.pg_seclabel l
join pg_catalog.pg_class c on c.oid = l.objoid and l.classoid = cast('pg_catalog.pg_class' as regclass)
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.provider = 'late';

-- Columns of a relation as one text: a view over it with SELECT * is stale when they change.
create function redshift_catalog.shape(relation oid) returns text stable language sql
begin atomic
    select pg_catalog.md5(pg_catalog.string_agg(attname || ' ' || atttypid || ' ' || atttypmod, ',' order by attnum))
    from pg_catalog.pg_attribute where attrelid = relation and attnum > 0 and not attisdropped;
end;

-- The late-binding views among names, and those that they name, that do not mean what they meant; the deepest first.
create function redshift_catalog.stale_late_views(names text[])
returns table (relation oid, schema_name text, name text, definition text, path text) stable language sql as $$
    with recursive reached as (
        select v.oid, v.schema, v.name, v.text, v.refs, v.path, 1 as depth
        from redshift_catalog.late_binding_views v where v.name = any (names)
        union
        select v.oid, v.schema, v.name, v.text, v.refs, v.path, r.depth + 1
        from reached r join redshift_catalog.late_binding_views v
            on v.oid <> r.oid and pg_catalog.strpos(pg_catalog.lower(r.text), v.name) > 0
        where r.depth < 50
    )
    select oid, schema, reached.name, text, reached.path
    from reached
    where refs is null or exists (
        select from pg_catalog.jsonb_to_recordset(refs) as f(name text, oid oid, shape text)
        where f.oid is distinct from cast(pg_catalog.to_regclass(f.name) as oid)
        or f.shape is distinct from redshift_catalog.shape(f.oid)
        or f.oid in (select o.oid from reached o where o.depth > reached.depth and o.refs is null)
    )
    group by oid, schema, reached.name, text, reached.path
    order by max(depth) desc
$$;

-- Answers a query over a late-binding view whose query cannot run (any more).
create function redshift_catalog.missing(state text, message text) returns boolean volatile language plpgsql as
$$ begin raise exception using errcode = state, message = message; end $$;

-- Gives a late-binding view the meaning of its query now. query NULL: the query cannot run, for the reason given.
create function redshift_catalog.bind_late_view(
    schema_name text, view_name text, definition text, query text, state text, message text, path text
) returns void language plpgsql as $$
declare
    target text := coalesce(quote_ident(schema_name) || '.', '') || quote_ident(view_name);
    was oid := to_regclass(target);
    acl aclitem[];
    told text;
    view oid;
    refs jsonb;
begin
    if query is not null then
        begin
            perform redshift_catalog.replace_view(target, query);
        exception when undefined_table or undefined_column or invalid_schema_name or undefined_function then
            get stacked diagnostics state = returned_sqlstate, message = message_text;
            query := null;
        end;
    end if;
    if query is null then
        perform redshift_catalog.break_view(target, state, message);
    end if;
    view := to_regclass(target);
    if query is not null then
        select coalesce(jsonb_agg(distinct jsonb_build_object(
            'name', format('%I.%I', n.nspname, c.relname), 'oid', c.oid, 'shape', redshift_catalog.shape(c.oid))), '[]')
        into refs
        from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::regclass
        join pg_catalog.pg_class c on c.oid = d.refobjid and d.refclassid = 'pg_catalog.pg_class'::regclass
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where r.ev_class = view and c.oid <> view;
    end if;
    perform redshift_catalog.forget_dependencies(view);
    perform redshift_catalog.set_label(view, 'late', jsonb_build_object('text', definition, 'refs', refs, 'path', path));
end $$;

-- CREATE OR REPLACE keeps the view where the columns only grow; else it is made anew with its grants and its comment.
create function redshift_catalog.replace_view(target text, query text) returns void language plpgsql as $$
declare
    was oid := to_regclass(target);
    acl aclitem[];
    told text;
begin
    begin
        execute format('create or replace view %s as %s', target, query);
        return;
    exception when invalid_table_definition or wrong_object_type then
        if was is null then raise; end if;
    end;
    select relacl into acl from pg_catalog.pg_class where oid = was;
    told := pg_catalog.obj_description(was, 'pg_class');
    execute format('drop view %s', target);
    execute format('create view %s as %s', target, query);
    if acl is not null then perform redshift_catalog.set_acl(to_regclass(target), acl); end if;
    if told is not null then execute format('comment on view %s is %L', target, told); end if;
end $$;

create function redshift_catalog.set_acl(relation oid, acl aclitem[]) returns void
language sql security definer set search_path = pg_catalog as
$$ update pg_class set relacl = acl where oid = relation $$;

-- The view with its columns of before, whose every row is the error.
create function redshift_catalog.break_view(target text, state text, message text) returns void language plpgsql as $$
declare
    columns text;
begin
    select string_agg(format('cast(null as %s) as %I', format_type(atttypid, atttypmod), attname), ', ' order by attnum)
    into columns
    from pg_catalog.pg_attribute where attrelid = to_regclass(target) and attnum > 0 and not attisdropped;
    execute format('create or replace view %s as select %s where redshift_catalog.missing(%L, %L)',
        target, coalesce(columns, ''), state, message);
end $$;

create function redshift_catalog.forget_dependencies(view oid) returns void
language sql security definer set search_path = pg_catalog as $$
    delete from pg_depend d using pg_rewrite r
    where d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and r.ev_class = view
    and d.refclassid = 'pg_class'::regclass and d.refobjid <> view
$$;

-- https://docs.aws.amazon.com/redshift/latest/dg/PG_GET_LATE_BINDING_VIEW_COLS.html
create function redshift_catalog.pg_get_late_binding_view_cols() returns setof record stable language sql as $$
    select cast(v.schema as name), cast(v.name as name), a.attname,
        cast(redshift_catalog.format_type(a.atttypid, a.atttypmod) as varchar), cast(a.attnum as integer)
    from redshift_catalog.late_binding_views v
    join pg_catalog.pg_attribute a on a.attrelid = v.oid and a.attnum > 0 and not a.attisdropped
    where v.refs is not null
$$;

create function redshift_catalog.create_late_view(
    schema_name text, view_name text, replace boolean, definition text, query text, path text
) returns void language plpgsql as $$
begin
    if not replace and redshift_catalog.relation_of(schema_name, view_name) is not null then
        raise duplicate_table using message = format('relation "%s" already exists', view_name);
    end if;
    perform redshift_catalog.bind_late_view(
        coalesce(schema_name, current_schema()), view_name, definition, query, '42P01', '', path);
end $$;
