-- What SHOW needs besides the views.
create function redshift_catalog.same_database(name text) returns boolean stable language plpgsql as $$
begin
    if name <> current_database() then
        if not exists (select from pg_catalog.pg_database where datname = name) then
            raise exception using errcode = '3D000', message = format('database "%s" does not exist', name);
        end if;
        raise exception using errcode = '0A000',
            message = format('not supported by the stand-in: objects of another database (%s)', name);
    end if;
    return true;
end $$;

create function redshift_catalog.shown_view(schema_name text, view_name text) returns text stable language plpgsql as $$
declare view oid := redshift_catalog.relation_of(schema_name, view_name);
begin
    if view is null or not exists (select from pg_catalog.pg_class where oid = view and relkind = 'v') then
        raise undefined_table using message = format('view "%s" does not exist', view_name);
    end if;
    return redshift_catalog.view_text(view);
end $$;
