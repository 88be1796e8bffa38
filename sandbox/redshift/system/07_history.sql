-- What ran and what failed to load. The server writes these by its own connection, so that they outlive a rollback.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
-- https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
create table redshift_catalog.load_errors (
    query bigint, table_id oid, pid integer, start_time timestamp, file_name text, line_number bigint, column_name text,
    column_type text, column_length text, position integer, raw_line text, raw_value text, error_code integer, message text
);
create view redshift_catalog.stl_load_errors as
select 100 as userid, 0 as slice, cast(table_id as integer) as tbl, start_time as starttime, pid as session, cast(query as integer) as query,
    cast(file_name as char(256)) as filename, line_number, cast(column_name as char(127)) as colname,
    cast(column_type as char(10)) as type, cast(column_length as char(10)) as col_length, position,
    cast(left(raw_line, 1024) as char(1024)) as raw_line, cast(left(raw_value, 1024) as char(1024)) as raw_field_value,
    error_code as err_code, cast(left(message, 100) as char(100)) as err_reason, 0 as is_partial, 0 as start_offset, cast(null as bigint) as copy_job_id
from redshift_catalog.load_errors;
create view redshift_catalog.sys_load_error_detail as
select 100 as user_id, query as query_id, cast(query as bigint) as transaction_id, pid as session_id,
    current_database() as database_name, cast(table_id as integer) as table_id, start_time, file_name, line_number, column_name,
    column_type, column_length, position, error_code, message as error_message
from redshift_catalog.load_errors;

create table redshift_catalog.loads (
    query bigint, table_name text, pid integer, start_time timestamp, end_time timestamp, status text, source text,
    file_format text, loaded_rows bigint, loaded_bytes bigint, files integer, message text
);
create view redshift_catalog.sys_load_history as
select 100 as user_id, query as query_id, cast(query as bigint) as transaction_id, pid as session_id,
    current_database() as database_name, status, table_name, start_time, end_time,
    cast(extract(epoch from end_time - start_time) * 1000000 as bigint) as duration, source as data_source, file_format,
    loaded_rows, loaded_bytes, files as source_file_count, message as error_message
from redshift_catalog.loads;
create view redshift_catalog.stl_load_commits as
select 100 as userid, cast(query as integer) as query, 0 as slice, cast('' as char(256)) as name, cast(source as char(256)) as filename,
    1 as byte_offset, loaded_rows as lines_scanned, 0 as errors, end_time as curtime, 1 as status
from redshift_catalog.loads where status = 'success';

create function redshift_catalog.pg_last_copy_count() returns bigint stable language sql as
$$ select cast(nullif(pg_catalog.current_setting('redshift.last_copy_count', true), '') as bigint) $$;
create function redshift_catalog.pg_last_copy_id() returns integer stable language sql as
$$ select coalesce(cast(nullif(pg_catalog.current_setting('redshift.last_copy_id', true), '') as integer), -1) $$;

create table redshift_catalog.queries (
    query bigint, username text, pid integer, kind text, start_time timestamp, end_time timestamp, failed text, query_text text
);
create view redshift_catalog.sys_query_history as
select 100 as user_id, query as query_id, cast('' as char(320)) as query_label, cast(query as bigint) as transaction_id,
    pid as session_id, current_database() as database_name, upper(kind) as query_type,
    case when failed is null then 'success' else 'failed' end as status, false as result_cache_hit, start_time, end_time,
    cast(extract(epoch from end_time - start_time) * 1000000 as bigint) as elapsed_time, cast(0 as bigint) as queue_time,
    cast(extract(epoch from end_time - start_time) * 1000000 as bigint) as execution_time, failed as error_message,
    cast(left(query_text, 4000) as varchar(4000)) as query_text, username
from redshift_catalog.queries;
create view redshift_catalog.stl_query as
select 100 as userid, cast(query as integer) as query, cast('default' as char(320)) as label, query as xid, pid,
    cast(current_database() as char(32)) as database, cast(left(query_text, 4000) as char(4000)) as querytxt,
    start_time as starttime, end_time as endtime, case when failed is null then 0 else 1 end as aborted
from redshift_catalog.queries;

create view redshift_catalog.all_queries as
select query from redshift_catalog.queries union all select query from redshift_catalog.loads
union all select query from redshift_catalog.load_errors;

-- When rows of a table were last written: the commit of the newest row that is there.
create function redshift_catalog.last_write(relation oid) returns timestamp volatile language plpgsql as $$
declare newest timestamp;
begin
    execute format('select max(pg_catalog.pg_xact_commit_timestamp(x)) from (select distinct xmin as x from %s) as rows',
        relation::regclass) into newest;
    return newest;
end $$;
-- Of SYS_QUERY_DETAIL, the steps of inserts: one per table, its newest.
create view redshift_catalog.sys_query_detail as
select 100 as user_id, cast(0 as bigint) as query_id, 0 as child_query_sequence, 0 as stream_id, 0 as segment_id, 0 as step_id,
    cast('insert' as varchar) as step_name, cast(c.oid as integer) as table_id, cast(c.relname as varchar) as table_name, false as is_rrscan,
    redshift_catalog.last_write(c.oid) as start_time, redshift_catalog.last_write(c.oid) as end_time
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and not redshift_catalog.is_ours(n.nspname) and n.nspname not in ('pg_catalog', 'information_schema');

grant select on all tables in schema redshift_catalog to public;
grant select on all tables in schema redshift_information_schema to public;
revoke insert, update, delete on all tables in schema redshift_catalog from public;
