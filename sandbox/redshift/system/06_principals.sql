-- Users, groups and roles, and what they may do. A group g is PostgreSQL's role "group:g", a role r is "role:r".
-- https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_RELATION_PRIVILEGES.html
create view redshift_catalog.principals as
select oid, rolname,
    case when rolname like 'group:%' then substr(rolname, 7) when rolname like 'role:%' then substr(rolname, 6) else cast(rolname as text) end as name,
    case when rolname like 'group:%' then 'group' when rolname like 'role:%' then 'role' else 'user' end as type
from pg_catalog.pg_roles where rolname not like 'pg\_%';

create view redshift_catalog.svv_relation_privileges as
select r.nspname as namespace_name, r.relname as relation_name, a.privilege_type,
    cast(a.grantee as integer) as identity_id,
    case when a.grantee = 0 then 'public' else p.name end as identity_name,
    case when a.grantee = 0 then 'public' else p.type end as identity_type, a.is_grantable as admin_option
from redshift_catalog.relations r
cross join lateral pg_catalog.aclexplode(r.relacl) a
left join redshift_catalog.principals p on p.oid = a.grantee
where a.grantee <> r.relowner and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES', 'TRUNCATE', 'TRIGGER');

create view redshift_catalog.svv_schema_privileges as
select n.nspname as namespace_name, a.privilege_type, cast(a.grantee as integer) as identity_id,
    case when a.grantee = 0 then 'public' else p.name end as identity_name,
    case when a.grantee = 0 then 'public' else p.type end as identity_type, a.is_grantable as admin_option,
    'schema' as privilege_scope
from redshift_catalog.pg_namespace n cross join lateral pg_catalog.aclexplode(n.nspacl) a
left join redshift_catalog.principals p on p.oid = a.grantee
where a.grantee <> n.nspowner;

create view redshift_catalog.svv_roles as
select cast(oid as integer) as role_id, name as role_name, cast(null as text) as role_owner, cast(null as text) as external_id
from redshift_catalog.principals where type = 'role';

create view redshift_catalog.svv_user_grants as
select cast(m.member as integer) as user_id, u.name as user_name, cast(m.roleid as integer) as role_id, r.name as role_name,
    m.admin_option
from pg_catalog.pg_auth_members m
join redshift_catalog.principals u on u.oid = m.member and u.type = 'user'
join redshift_catalog.principals r on r.oid = m.roleid and r.type = 'role';

create view redshift_catalog.svv_role_grants as
select cast(m.member as integer) as role_id, u.name as role_name, cast(m.roleid as integer) as granted_role_id, r.name as granted_role_name
from pg_catalog.pg_auth_members m
join redshift_catalog.principals u on u.oid = m.member and u.type = 'role'
join redshift_catalog.principals r on r.oid = m.roleid and r.type = 'role';

create view redshift_catalog.svv_user_info as
select usename as user_name, usesysid as user_id, usecreatedb as createdb, usesuper as superuser, usecatupd as catalog_update,
    cast('10' as varchar) as connection_limit, cast('UNRESTRICTED' as varchar) as syslog_access,
    cast(null as timestamp) as last_ddl_timestamp, 0 as session_timeout, cast(null as varchar) as external_user_id
from redshift_catalog.pg_user;
