-- SVV_ views of tables, columns, schemas and materialized views.
-- https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html
create function redshift_catalog.row_count(relation oid) returns bigint volatile language plpgsql as $$
declare counted bigint;
begin
    execute format('select count(*) from %s', relation::regclass) into counted;
    return counted;
end $$;

create view redshift_catalog.svv_table_info as
with tables as (
    select c.oid, c.relname, n.nspname, l.layout, l.diststyle, l.distkey, l.sortstyle, l.sortkeys,
        coalesce((redshift_catalog.label(c.oid, 'materialized') ->> 'storage')::oid, c.oid) as storage
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join redshift_catalog.layouts l on l.oid = c.oid
    where (c.relkind = 'r' or c.relkind = 'v' and redshift_catalog.label(c.oid, 'materialized') is not null)
    and c.relpersistence <> 't'
    and not redshift_catalog.is_ours(n.nspname) and n.nspname not in ('pg_catalog', 'information_schema')
)
select cast(current_database() as text) as database, cast(nspname as text) as schema, oid as table_id,
    cast(relname as text) as "table",
    case when coalesce(layout -> 'encodings', '{}') <> '{}' then 'Y' else 'Y, AUTO(ENCODE)' end as encoded,
    case diststyle when 'even' then 'EVEN' when 'all' then 'ALL' when 'key' then 'KEY(' || distkey || ')'
        else 'AUTO(ALL)' end as diststyle,
    case when sortkeys = '[]' then 'AUTO(SORTKEY)' when sortstyle = 'interleaved' then 'INTERLEAVED'
        else sortkeys ->> 0 end as sortkey1,
    (select max(case when a.atttypid = 1043 and a.atttypmod > 0 then a.atttypmod - 4 when a.atttypid in (25, 1043) then 65535 end)
        from pg_catalog.pg_attribute a where a.attrelid = tables.oid and a.attnum > 0 and not a.attisdropped) as max_varchar,
    cast(coalesce(layout -> 'encodings' ->> (sortkeys ->> 0), 'none') as char(32)) as sortkey1_enc,
    jsonb_array_length(sortkeys) as sortkey_num,
    cast(ceil(pg_catalog.pg_table_size(storage) / 1048576.0) as bigint) as size,
    cast(0 as numeric(10, 4)) as pct_used, cast(0 as bigint) as empty, cast(0 as numeric(5, 2)) as unsorted,
    cast(0 as numeric(5, 2)) as stats_off,
    cast(redshift_catalog.row_count(storage) as numeric(38, 0)) as tbl_rows, cast(null as numeric(19, 2)) as skew_sortkey1,
    cast(null as numeric(19, 2)) as skew_rows, cast(redshift_catalog.row_count(storage) as numeric(38, 0)) as estimated_visible_rows,
    cast(null as text) as risk_event, cast(0 as numeric(19, 0)) as vacuum_sort_benefit, cast(null as timestamp) as create_time
from tables where redshift_catalog.row_count(storage) > 0;

-- Empty tables are not in SVV_TABLE_INFO; tbl_rows is what it would be after VACUUM.

create view redshift_catalog.svv_mv_info as
select cast(current_database() as char(128)) as database_name, cast(n.nspname as char(128)) as schema_name,
    cast(pg_catalog.pg_get_userbyid(c.relowner) as char(128)) as user_name, cast(c.relname as char(128)) as name,
    cast(case when redshift_catalog.is_stale(c.oid) then 't' else 'f' end as char(1)) as is_stale,
    cast(pg_catalog.pg_get_userbyid(c.relowner) as char(128)) as owner_user_name,
    1 as state,
    cast(case when cast(redshift_catalog.label(c.oid, 'materialized') ->> 'auto' as boolean) then 't' else 'f' end as char(1)) as autorefresh,
    cast('f' as char(1)) as autorewrite
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and redshift_catalog.label(c.oid, 'materialized') is not null;
create view redshift_catalog.stv_mv_info as select * from redshift_catalog.svv_mv_info;

create view redshift_catalog.svv_redshift_schemas as
select current_database() as database_name, nspname as schema_name, cast(nspowner as integer) as schema_owner,
    'local' as schema_type, cast(nspacl as varchar) as schema_acl, cast(null as varchar) as schema_option
from redshift_catalog.pg_namespace;
create view redshift_catalog.svv_all_schemas as
select database_name, schema_name, schema_owner, schema_type, schema_acl, cast(null as varchar) as source_database, schema_option
from redshift_catalog.svv_redshift_schemas;

create view redshift_catalog.relations as
select c.oid, n.nspname, c.relname, c.relowner, c.relacl,
    case c.relkind when 'v' then 'VIEW' else 'TABLE' end as kind,
    case when c.relkind <> 'v' then 'REGULAR TABLE' when redshift_catalog.label(c.oid, 'materialized') is not null then 'MATERIALIZED VIEW'
        when redshift_catalog.label(c.oid, 'late') is not null then 'LATE BINDING VIEW' else 'REGULAR VIEW' end as subtype,
    obj_description(c.oid, 'pg_class') as remarks
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'p') and not redshift_catalog.is_ours(n.nspname) and n.nspname not in ('pg_catalog', 'information_schema')
and c.relpersistence <> 't';

create view redshift_catalog.svv_redshift_tables as
select current_database() as database_name, nspname as schema_name, relname as table_name, kind as table_type,
    cast(relacl as varchar) as table_acl, remarks, pg_catalog.pg_get_userbyid(relowner) as table_owner
from redshift_catalog.relations;
create view redshift_catalog.svv_all_tables as
select database_name, schema_name, table_name, table_type, table_acl, remarks from redshift_catalog.svv_redshift_tables;
create view redshift_catalog.svv_tables as
select table_catalog, table_schema, table_name, table_type, cast(null as varchar) as remarks
from redshift_information_schema.tables;

-- False for a late-binding view whose query cannot run.
create function redshift_catalog.has_columns(relation oid) returns boolean stable language sql as $$
    select not redshift_catalog.is_late(relation) or redshift_catalog.label(relation, 'late') -> 'refs' <> 'null'
$$;

create view redshift_catalog.svv_redshift_columns as
select current_database() as database_name, r.nspname as schema_name, r.relname as table_name, a.attname as column_name,
    cast(a.attnum as integer) as ordinal_position, redshift_catalog.format_type(a.atttypid, a.atttypmod) as data_type,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as column_default,
    case when a.attnotnull then 'NO' else 'YES' end as is_nullable, cast(a.attencoding as varchar) as encoding,
    a.attisdistkey as distkey, a.attsortkeyord as sortkey, cast(null as varchar) as column_acl,
    col_description(a.attrelid, a.attnum) as remarks
from redshift_catalog.relations r
join redshift_catalog.every_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where redshift_catalog.has_columns(r.oid);

create view redshift_catalog.svv_all_columns as
select c.database_name, c.schema_name, c.table_name, c.column_name, c.ordinal_position, c.column_default, c.is_nullable,
    i.data_type, i.character_maximum_length, i.numeric_precision, i.numeric_scale, c.remarks
from redshift_catalog.svv_redshift_columns c
join redshift_catalog.every_column i
    on i.table_schema = c.schema_name and i.table_name = c.table_name and i.column_name = c.column_name;

create view redshift_catalog.svv_columns as
select table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
    character_maximum_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision,
    cast(null as varchar) as remarks
from redshift_catalog.every_column where redshift_catalog.has_columns(attrelid);

-- Spectrum is not here, so these are empty.
create view redshift_catalog.svv_external_schemas as
select cast(0 as oid) as esoid, cast(0 as smallint) as eskind, cast('' as name) as schemaname, cast(0 as integer) as esowner,
    cast('' as text) as databasename, cast('' as text) as esoptions where false;
create view redshift_catalog.svv_external_tables as
select cast('' as text) as redshift_database_name, cast('' as text) as schemaname, cast('' as text) as tablename,
    cast('' as text) as tabletype, cast('' as text) as location, cast('' as text) as input_format,
    cast('' as text) as output_format, cast('' as text) as serialization_lib, cast('' as text) as serde_parameters,
    0 as compressed, cast('' as text) as parameters where false;
create view redshift_catalog.svv_external_columns as
select cast('' as text) as redshift_database_name, cast('' as text) as schemaname, cast('' as text) as tablename,
    cast('' as text) as columnname, cast('' as text) as external_type, 0 as columnnum, 0 as part_key, cast('' as text) as is_nullable
where false;
create view redshift_catalog.svv_external_databases as
select cast(0 as oid) as eskind, cast('' as text) as databasename, cast('' as text) as esoptions where false;
create view redshift_catalog.svv_datashares as
select cast('' as varchar) as share_name, 0 as share_id, 0 as share_owner, cast('' as varchar) as source_database,
    cast('' as varchar) as consumer_database, cast('' as varchar) as share_type, now() as createdate, true as is_publicaccessible,
    cast('' as varchar) as share_acl, cast('' as varchar) as producer_account, cast('' as varchar) as producer_namespace where false;
