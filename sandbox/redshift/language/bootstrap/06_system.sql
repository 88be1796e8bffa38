-- Redshift's functions: the system. What each page below https://docs.aws.amazon.com/redshift/latest/dg/ says stands beside it.

create or replace function redshift.current_user_id() returns integer stable parallel safe language sql
begin atomic
    select cast(cast(oid as bigint) as integer) from pg_catalog.pg_roles where rolname = session_user;
end;
-- r_VERSION
create or replace function redshift.version() returns varchar immutable parallel safe language sql
begin atomic
    select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0 (local stand-in)';
end;
