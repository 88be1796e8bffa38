-- Materialized views: PostgreSQL's, under the name that Redshift gives to their storage, and a view before each.
-- https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
create function redshift_catalog.create_materialized_view(
    schema_name text, view_name text, definition text, query text, auto boolean, layout jsonb
) returns void language plpgsql as $$
declare
    schema_ident text := quote_ident(coalesce(schema_name, current_schema()));
    storage text := schema_ident || '.' || quote_ident('mv_tbl__' || view_name || '__0');
    target text := schema_ident || '.' || quote_ident(view_name);
begin
    if to_regclass(target) is not null then
        raise duplicate_table using message = format('relation "%s" already exists', view_name);
    end if;
    execute format('create materialized view %s as %s', storage, query);
    execute format('create view %s as select * from %s', target, storage);
    perform redshift_catalog.set_label(to_regclass(target), 'materialized', jsonb_build_object(
        'text', definition, 'query', query, 'storage', cast(to_regclass(storage) as oid), 'auto', auto));
    perform redshift_catalog.set_label(to_regclass(target), 'layout', layout);
    perform redshift_catalog.set_label(to_regclass(storage), 'layout', layout);
end $$;

-- The storage of a materialized view. Fails when there is no such materialized view.
create function redshift_catalog.storage_of(schema_name text, view_name text) returns regclass stable language plpgsql as $$
declare
    view oid := redshift_catalog.relation_of(schema_name, view_name);
    kept jsonb := redshift_catalog.label(view, 'materialized');
begin
    if kept is null then
        raise undefined_table using message = case when view is null
            then format('materialized view "%s" does not exist', view_name)
            else format('"%s" is not a materialized view', view_name) end;
    end if;
    return cast(cast(kept ->> 'storage' as oid) as regclass);
end $$;

create function redshift_catalog.refresh_materialized_view(schema_name text, view_name text) returns void language plpgsql as $$
begin
    execute format('refresh materialized view %s', redshift_catalog.storage_of(schema_name, view_name));
end $$;

create function redshift_catalog.alter_materialized_view(schema_name text, view_name text, auto boolean) returns void
language plpgsql as $$
declare view oid := redshift_catalog.relation_of(schema_name, view_name);
begin
    perform redshift_catalog.storage_of(schema_name, view_name);
    perform redshift_catalog.set_label(view, 'materialized',
        redshift_catalog.label(view, 'materialized') || jsonb_build_object('auto', auto));
end $$;

create function redshift_catalog.drop_materialized_view(schema_name text, view_name text, if_exists boolean, further boolean)
returns void language plpgsql as $$
declare
    view oid := redshift_catalog.relation_of(schema_name, view_name);
    storage regclass;
begin
    if view is null and if_exists then
        raise notice 'materialized view "%" does not exist, skipping', view_name;
        return;
    end if;
    storage := redshift_catalog.storage_of(schema_name, view_name);
    if not further and exists (
        select from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid
        where d.refobjid = view and d.deptype = 'n' and r.ev_class <> view
    ) then
        raise dependent_objects_still_exist using
            message = format('cannot drop materialized view %s because other objects depend on it', view_name),
            hint = 'Use DROP ... CASCADE to drop the dependent objects too.';
    end if;
    execute format('drop materialized view %s cascade', storage);
end $$;

-- DROP VIEW does not drop a materialized view.
create function redshift_catalog.refuse_materialized_view(schema_name text, view_name text) returns void language plpgsql as $$
begin
    if redshift_catalog.label(redshift_catalog.relation_of(schema_name, view_name), 'materialized') is not null then
        raise wrong_object_type using message = format('"%s" is not a view', view_name),
            hint = 'Use DROP MATERIALIZED VIEW to remove a materialized view.';
    end if;
end $$;

-- Does the storage differ from what the query gives now? Exact: it asks both. The author's text would mean other tables on
-- another search path, so PostgreSQL's own words for the query are asked.
create function redshift_catalog.is_stale(view oid) returns boolean volatile language plpgsql as $$
declare
    kept jsonb := redshift_catalog.label(view, 'materialized');
    storage regclass := cast(cast(kept ->> 'storage' as oid) as regclass);
    stale boolean;
begin
    execute format('select exists ((%1$s) except all (select * from %2$s)) or exists ((select * from %2$s) except all (%1$s))',
        rtrim(pg_catalog.pg_get_viewdef(storage), ';'), storage) into stale;
    return stale;
exception when undefined_function then
    return null;  -- a type that cannot be compared
end $$;

create view redshift_catalog.automatic_materialized_views as
select n.nspname as schema, c.relname as name
from pg_catalog.pg_seclabel l
join pg_catalog.pg_class c on c.oid = l.objoid and l.classoid = cast('pg_catalog.pg_class' as regclass)
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where l.provider = 'materialized' and cast(cast(l.label as jsonb) ->> 'auto' as boolean);
