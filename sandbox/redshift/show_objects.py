"""SHOW DATABASES, SCHEMAS, TABLES, COLUMNS, GRANTS, VIEW: queries of the catalog.

https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLES.html and the pages beside it
"""

from __future__ import annotations

from sandbox.redshift.catalog import literal
from sandbox.redshift.language import Refused, facts
from sandbox.redshift.language.refusal import unsupported
from sandbox.redshift.names import Names

MOST = 10_000


def in_postgres(show: facts.ShowObjects, names: Names) -> str:
    """The query that answers. Raises Refused for another database, or what is not shown here."""
    parts = [names.short(part) for part in show.name]
    makers = {
        "databases": _databases, "schemas": _schemas, "tables": _tables, "columns": _columns, "grants": _grants, "view": _view,
    }  # fmt: skip
    maker = makers.get(show.what)
    if maker is None:
        raise unsupported(f"SHOW {show.what.upper()}", 0, "c_SQL_commands.html")
    sql, filtered = maker(show, parts)
    if show.like is not None:
        sql = f"select * from ({sql}) as shown where {filtered} like {literal(show.like)}"
    return f"{sql} limit {MOST if show.limit is None else show.limit}"


def _last(parts: list[str], count: int) -> list[str | None]:
    """The last names of a dotted one, None for those not said."""
    return [*[None] * (count - len(parts)), *parts[-count:]]


def _in_database(name: str | None) -> str:
    return "true" if name is None else f"redshift_catalog.same_database({literal(name)})"


def _databases(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    return (
        "select cast(datname as varchar) as database_name, cast(datdba as integer) as database_owner,"
        " cast('local' as varchar) as database_type, cast(datacl as varchar) as database_acl,"
        " cast(null as varchar) as parameters, cast(case current_setting('default_transaction_isolation') when 'serializable' then 'Serializable'"
        " else 'Snapshot Isolation' end as varchar) as database_isolation_level"
        " from pg_catalog.pg_database where datallowconn and datname not in ('postgres', 'template0', 'template1') order by 1"
    ), "database_name"


def _schemas(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    (database,) = _last(parts, 1)
    return (
        "select database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option"
        f" from redshift_catalog.svv_all_schemas where {_in_database(database)} order by schema_name"
    ), "schema_name"


def _tables(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    database, schema = _last(parts, 2)
    return (
        "select current_database() as database_name, r.nspname as schema_name, r.relname as table_name, r.kind as table_type,"
        " cast(r.relacl as varchar) as table_acl, r.remarks, pg_catalog.pg_get_userbyid(r.relowner) as owner,"
        " cast(null as timestamp) as last_altered_time,"
        " case when r.kind = 'TABLE' then redshift_catalog.last_write(r.oid) end as last_modified_time,"
        " cast(case when r.kind = 'TABLE' then coalesce(upper(l.diststyle), 'AUTO (ALL)') end as varchar) as dist_style,"
        " r.subtype as table_subtype"
        " from redshift_catalog.relations r join redshift_catalog.layouts l on l.oid = r.oid"
        f" where r.nspname = {literal(schema)} and {_in_database(database)} order by r.relname"
    ), "table_name"


def _columns(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    database, schema, table = _last(parts, 3)
    return (
        "select current_database() as database_name, i.table_schema as schema_name, i.table_name, i.column_name,"
        " i.ordinal_position, i.column_default, i.is_nullable, i.data_type, i.character_maximum_length, i.numeric_precision,"
        " i.numeric_scale, c.remarks, cast(null as varchar) as sort_key_type, c.sortkey as sort_key_order,"
        " case when c.distkey then 1 else 0 end as dist_key, c.encoding, cast(null as varchar) as collation"
        " from redshift_catalog.every_column i join redshift_catalog.svv_redshift_columns c"
        " on c.schema_name = i.table_schema and c.table_name = i.table_name and c.column_name = i.column_name"
        f" where i.table_schema = {literal(schema)} and i.table_name = {literal(table)} and {_in_database(database)}"
        " order by i.ordinal_position"
    ), "column_name"


def _grants(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    who = _grantee(show.grantee)
    if show.kind in ("table", "") and parts:
        database, schema, table = _last(parts, 3)
        # a group shows as a role with a stroke before its name
        return (
            "select current_database() as database_name, namespace_name as schema_name, relation_name as object_name,"
            " cast('TABLE' as varchar) as object_type, privilege_type, identity_id,"
            " case identity_type when 'group' then '/' || identity_name else identity_name end as identity_name,"
            " case identity_type when 'group' then 'role' else identity_type end as identity_type, admin_option,"
            " cast('TABLE' as varchar) as privilege_scope"
            f" from redshift_catalog.svv_relation_privileges where relation_name = {literal(table)}"
            f" and namespace_name = coalesce({literal(schema)}, current_schema()) and {_in_database(database)}{who}"
        ), "identity_name"
    if show.kind == "schema":
        database, schema = _last(parts, 2)
        return (
            "select current_database() as database_name, namespace_name as schema_name, cast('SCHEMA' as varchar) as object_type,"
            " privilege_type, identity_id, identity_name, identity_type, admin_option, privilege_scope"
            f" from redshift_catalog.svv_schema_privileges where namespace_name = {literal(schema)} and {_in_database(database)}{who}"
        ), "identity_name"
    raise unsupported(f"SHOW GRANTS ON {show.kind.upper() or 'this'}", 0, "r_SHOW_GRANTS.html")


def _grantee(grantee: tuple[str, str] | None) -> str:
    if grantee is None:
        return ""
    return f" and identity_type = {literal(grantee[0])} and identity_name = {literal(grantee[1])}"


def _view(show: facts.ShowObjects, parts: list[str]) -> tuple[str, str]:
    _, schema, view = _last(parts, 3)
    if view is None:
        raise Refused("42601", "SHOW VIEW needs the name of a view", "", 0)
    return (
        f'select redshift_catalog.shown_view({literal(schema)}, {literal(view)}) as "Show View DDL statement"'
    ), "true"
