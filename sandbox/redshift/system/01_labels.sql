-- What a relation is on Redshift and not on PostgreSQL (layout, late binding, materialized view) is kept as a label of the
-- relation in pg_seclabel: it follows renames, ends with the relation, and belongs to the same transaction.
create schema redshift_catalog;
grant usage on schema redshift_catalog to public;
create schema if not exists redshift;
grant usage on schema redshift to public;

create function redshift_catalog.format_type(type oid, modifier integer) returns text stable language sql as $$
    select case
        when type in (25, 705) then 'character varying(65535)'
        when type = 1043 and coalesce(modifier, -1) < 0 then 'character varying(65535)'
        when type = 1042 and coalesce(modifier, -1) < 0 then 'character(1)'
        when type = 3802 then 'super'
        when type = 17 then 'binary varying' || case when modifier > 0 then '(' || modifier || ')' else '(64000)' end
        else pg_catalog.format_type(type, modifier)
    end
$$;

create function redshift_catalog.is_ours(schema name) returns boolean immutable language sql as $$
    select schema in ('redshift_catalog', 'redshift_information_schema', 'redshift')
        or (schema like 'pg\_toast%')
$$;

create function redshift_catalog.label(relation oid, what text) returns jsonb stable language sql
begin atomic
    select cast(l.label as jsonb) from pg_catalog.pg_seclabel l
    where l.objoid = relation and l.classoid = cast('pg_catalog.pg_class' as regclass) and l.objsubid = 0 and l.provider = what;
end;

create function redshift_catalog.set_label(relation oid, what text, value jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    delete from pg_seclabel
    where objoid = relation and classoid = 'pg_class'::regclass and objsubid = 0 and provider = what;
    if value is not null then
        insert into pg_seclabel (objoid, classoid, objsubid, provider, label)
        values (relation, 'pg_class'::regclass, 0, what, value::text);
    end if;
end $$;

-- The relation a statement names; NULL when there is none. No schema: along the search path.
create function redshift_catalog.relation_of(schema_name text, relation_name text) returns oid stable language sql as
$$ select pg_catalog.to_regclass(coalesce(pg_catalog.quote_ident(schema_name) || '.', '') || pg_catalog.quote_ident(relation_name)) $$;

-- Diststyle, keys and encodings of a new table; a table that was there before (IF NOT EXISTS) keeps its own.
create function redshift_catalog.keep_layout(schema_name text, relation_name text, layout jsonb) returns void
language plpgsql as $$
declare relation oid := redshift_catalog.relation_of(schema_name, relation_name);
begin
    if relation is not null and redshift_catalog.label(relation, 'layout') is null then
        perform redshift_catalog.set_label(relation, 'layout', layout);
    end if;
end $$;

-- ALTER TABLE … ALTER DISTKEY, SORTKEY, ENCODE: what is said replaces what was.
create function redshift_catalog.change_layout(schema_name text, relation_name text, change jsonb) returns void
language plpgsql as $$
declare
    relation oid := redshift_catalog.relation_of(schema_name, relation_name);
    was jsonb := coalesce(redshift_catalog.label(relation, 'layout'), '{}');
begin
    if relation is null then
        raise undefined_table using message = format('relation "%s" does not exist', relation_name);
    end if;
    perform redshift_catalog.set_label(relation, 'layout', was || change || jsonb_build_object(
        'encodings', coalesce(was -> 'encodings', '{}') || coalesce(change -> 'encodings', '{}')));
end $$;

-- Fails: the transaction of a statement that was refused before PostgreSQL saw it must fail too.
create function redshift_catalog.fail() returns void language plpgsql as
$$ begin raise exception 'refused'; end $$;

-- VARCHAR(n) and CHAR(n) count bytes (r_Character_types); PostgreSQL counts characters. The rule's name carries the length,
-- from which the server makes Redshift's error. NOT VALID: rows of a CREATE TABLE AS were cut by their casts already.
create function redshift_catalog.count_bytes() returns event_trigger language plpgsql set search_path = pg_catalog as $$
declare
    command record;
    rules text;
begin
    for command in
        select distinct objid from pg_event_trigger_ddl_commands()
        where classid = 'pg_class'::regclass and object_type = 'table'
    loop
        select string_agg(format('add constraint %I check (pg_catalog.octet_length(%I%s) <= %s) not valid', rule, attname, cast_, length), ', ')
        into rules
        from (
            select a.attname, a.atttypmod - 4 as length,
                case when a.atttypid = 1042 then '::text' else '' end as cast_,
                'redshift_bytes_' || case when a.atttypid = 1043 then 'v_' else 'c_' end || (a.atttypmod - 4) || '_' || a.attnum as rule
            from pg_attribute a join pg_class c on c.oid = a.attrelid
            where a.attrelid = command.objid and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
            and a.atttypid in (1042, 1043) and a.atttypmod > 4
        ) wanted
        where not exists (
            select from pg_constraint k where k.conrelid = command.objid and k.conname = wanted.rule
        );
        if rules is not null then
            execute format('alter table %s %s', command.objid::regclass,
                (select coalesce(string_agg(format('drop constraint %I, ', k.conname), ''), '')
                 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid
                 where k.conrelid = command.objid and k.conname like 'redshift\_bytes\_%'
                 and k.conname like '%\_' || a.attnum and a.atttypid in (1042, 1043)
                 and k.conname <> 'redshift_bytes_' || case when a.atttypid = 1043 then 'v_' else 'c_' end || (a.atttypmod - 4) || '_' || a.attnum)
                || rules);
        end if;
    end loop;
end $$;
create event trigger redshift_count_bytes on ddl_command_end
    when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE')
    execute function redshift_catalog.count_bytes();

-- The query of a view as its author wrote it, which the server tells by a setting: PostgreSQL keeps only its own words.
create function redshift_catalog.keep_view_query() returns event_trigger language plpgsql as $$
declare
    command record;
    query text := pg_catalog.current_setting('redshift.view_query', true);
begin
    for command in select objid from pg_catalog.pg_event_trigger_ddl_commands() where object_type = 'view' loop
        if query <> '' then
            perform redshift_catalog.set_label(command.objid, 'view', pg_catalog.jsonb_build_object('query', query));
        end if;
    end loop;
end $$;
create event trigger redshift_keep_view_query on ddl_command_end when tag in ('CREATE VIEW')
    execute function redshift_catalog.keep_view_query();
