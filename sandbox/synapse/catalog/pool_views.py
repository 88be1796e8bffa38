"""sys.*: what only a pool has: distributions, requests, sessions, external things.

https://learn.microsoft.com/azure/synapse-analytics/sql/reference-tsql-system-views
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.synapse.catalog.snapshot import Snapshot
from sandbox.synapse.catalog.sys_views import OBJECT, Row, head_of
from sandbox.synapse.catalog.things import EXTERNAL, TABLE

POLICY = {"HASH": 2, "REPLICATE": 3, "ROUND_ROBIN": 4}


def distribution_of_tables(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.distribution is not None:
            yield found.id, POLICY[found.distribution], found.distribution


def distribution_of_columns(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for place, column in enumerate(found.columns, 1):
            if found.distribution is not None:
                order = (
                    found.distribution_columns.index(column.name) + 1
                    if column.name in found.distribution_columns
                    else 0
                )
                yield found.id, place, order


def table_mappings(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.kind == TABLE:
            yield f"Table_{found.id:x}", found.id


def databases(snapshot: Snapshot) -> Iterable[Row]:
    yield (
        "master",
        1,
        snapshot.created,
        "SQL_Latin1_General_CP1_CI_AS",
        0,
        "MULTI_USER",
        0,
        "ONLINE",
        False,
        False,
    )
    yield (
        snapshot.database,
        5,
        snapshot.created,
        snapshot.collation,
        0,
        "MULTI_USER",
        0,
        "ONLINE",
        False,
        False,
    )


def requests(snapshot: Snapshot) -> Iterable[Row]:
    for r in snapshot.requests:
        yield (
            r.id,
            r.session,
            r.status,
            r.start,
            r.start,
            r.start,
            r.end,
            r.elapsed,
            r.label,
            r.error,
            5,
            r.command[:4000],
            "smallrc",
            "normal",
            None,
            None,
        )


def sessions(snapshot: Snapshot) -> Iterable[Row]:
    for s in snapshot.sessions:
        yield (
            s.id,
            "Active",
            None,
            0,
            s.login,
            s.since,
            s.queries,
            s.transactional,
            "::1",
            s.application,
            s.process,
        )


def data_sources(snapshot: Snapshot) -> Iterable[Row]:
    for e in snapshot.externals:
        if e.kind == "external data source":
            yield (
                e.id,
                e.name,
                str(e.options.get("LOCATION", "")),
                str(e.options.get("TYPE", "BLOB_STORAGE")),
                0,
                str(e.options.get("CREDENTIAL") or "") or None,
            )


def file_formats(snapshot: Snapshot) -> Iterable[Row]:
    for e in snapshot.externals:
        if e.kind == "external file format":
            yield (
                e.id,
                e.name,
                str(e.options.get("FORMAT_TYPE", "")),
                str(e.options.get("DATA_COMPRESSION") or "") or None,
            )


def external_tables(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.kind == EXTERNAL:
            told = dict(found.external)
            yield (
                *head_of(snapshot, found),
                told.get("LOCATION"),
                told.get("DATA_SOURCE"),
                told.get("FILE_FORMAT"),
            )


VIEWS = {
    "sys.pdw_table_distribution_properties": (
        "object_id int; distribution_policy tinyint; distribution_policy_desc nvarchar(60)", distribution_of_tables),
    "sys.pdw_column_distribution_properties": (
        "object_id int; column_id int; distribution_ordinal tinyint", distribution_of_columns),
    "sys.pdw_table_mappings": ("physical_name nvarchar(36); object_id int", table_mappings),
    "sys.databases": (
        "name sysname; database_id int; create_date datetime; collation_name sysname; user_access tinyint;"
        "user_access_desc nvarchar(60); state tinyint; state_desc nvarchar(60); is_read_only bit;"
        "is_read_committed_snapshot_on bit", databases),
    "sys.dm_pdw_exec_requests": (
        "request_id nvarchar(32); session_id nvarchar(32); status nvarchar(32); submit_time datetime;"
        "start_time datetime; end_compile_time datetime; end_time datetime; total_elapsed_time int;"
        "label nvarchar(255); error_id nvarchar(36); database_id int; command nvarchar(4000);"
        "resource_class nvarchar(20); importance nvarchar(128); group_name sysname; classifier_name sysname",
        requests),
    "sys.dm_pdw_exec_sessions": (
        "session_id nvarchar(32); status nvarchar(10); request_id nvarchar(32); security_id int; login_name nvarchar(128);"
        "login_time datetime; query_count int; is_transactional bit; client_id nvarchar(255); app_name nvarchar(255);"
        "sql_spid int", sessions),
    "sys.external_data_sources": (
        "data_source_id int; name sysname; location nvarchar(4000); type_desc nvarchar(255); type tinyint;"
        "credential_name sysname", data_sources),
    "sys.external_file_formats": (
        "file_format_id int; name sysname; format_type nvarchar(100); data_compression nvarchar(255)", file_formats),
    "sys.external_tables": (
        f"{OBJECT}; location nvarchar(4000); data_source sysname; file_format sysname", external_tables),
}  # fmt: skip
