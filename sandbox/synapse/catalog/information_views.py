"""INFORMATION_SCHEMA.*.

https://learn.microsoft.com/sql/relational-databases/system-information-schema-views/system-information-schema-views-transact-sql
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.synapse.catalog.snapshot import Snapshot
from sandbox.synapse.catalog.things import MATERIALIZED, PROCEDURE, VIEW, Object
from sandbox.synapse.catalog.type_facts import information

Row = tuple[Any, ...]


def _listed(snapshot: Snapshot) -> list[Object]:
    return [o for o in snapshot.objects if o.kind != PROCEDURE]


def tables(snapshot: Snapshot) -> Iterable[Row]:
    for found in _listed(snapshot):
        kind = "VIEW" if found.kind in (VIEW, MATERIALIZED) else "BASE TABLE"
        yield snapshot.database, found.schema, found.name, kind


def columns(snapshot: Snapshot) -> Iterable[Row]:
    for found in _listed(snapshot):
        for place, column in enumerate(found.columns, 1):
            told = information(column.type)
            text = column.type.is_text
            page = None
            if text:
                page = (
                    "UNICODE"
                    if column.type.is_unicode
                    else "UTF-8"
                    if snapshot.collation.endswith("UTF8")
                    else "iso_1"
                )
            yield (
                snapshot.database, found.schema, found.name, column.name, place,
                column.default[1] if column.default else None, "YES" if column.nullable else "NO", column.type.name,
                told["character_maximum_length"], told["character_octet_length"], told["numeric_precision"],
                told["numeric_precision_radix"], told["numeric_scale"], told["datetime_precision"],
                None, None, page, None, None, (column.collation or snapshot.collation) if text else None,
                None, None, None,
            )  # fmt: skip


def views(snapshot: Snapshot) -> Iterable[Row]:
    for found in _listed(snapshot):
        if found.kind in (VIEW, MATERIALIZED):
            text = found.definition or ""
            # longer than nvarchar(4000) is told as NULL
            yield (
                snapshot.database,
                found.schema,
                found.name,
                text if len(text) <= 4000 else None,
                "NONE",
                "NO",
            )


def schemata(snapshot: Snapshot) -> Iterable[Row]:
    for schema in snapshot.schemas:
        yield snapshot.database, schema.name, snapshot.principal_name(schema.owner), None, None, "iso_1"


def table_privileges(snapshot: Snapshot) -> Iterable[Row]:
    for entry in snapshot.permissions:
        found = snapshot.state.things.get(("Object", str(entry.id)))
        if entry.class_ == 1 and entry.state in "GW" and isinstance(found, Object):
            yield (
                snapshot.principal_name(entry.grantor), snapshot.principal_name(entry.grantee), snapshot.database,
                found.schema, found.name, entry.permission, "YES" if entry.state == "W" else "NO",
            )  # fmt: skip


def routines(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.kind == PROCEDURE:
            yield (
                snapshot.database,
                found.schema,
                found.name,
                snapshot.database,
                found.schema,
                found.name,
                "PROCEDURE",
                found.definition,
                found.created,
                found.modified,
            )


def table_constraints(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for key in found.keys:
            kind = "PRIMARY KEY" if key.kind == "PK" else "UNIQUE"
            yield (
                snapshot.database,
                found.schema,
                key.name,
                snapshot.database,
                found.schema,
                found.name,
                kind,
                "NO",
                "NO",
            )


def key_column_usage(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for key in found.keys:
            for place, column in enumerate(key.columns, 1):
                yield (
                    snapshot.database,
                    found.schema,
                    key.name,
                    snapshot.database,
                    found.schema,
                    found.name,
                    column,
                    place,
                )


def none(snapshot: Snapshot) -> Iterable[Row]:
    """A view that is always empty on a dedicated pool."""
    return ()


_COLUMNS = (
    "TABLE_CATALOG sysname; TABLE_SCHEMA sysname; TABLE_NAME sysname; COLUMN_NAME sysname; ORDINAL_POSITION int;"
    "COLUMN_DEFAULT nvarchar(4000); IS_NULLABLE varchar(3); DATA_TYPE sysname; CHARACTER_MAXIMUM_LENGTH int;"
    "CHARACTER_OCTET_LENGTH int; NUMERIC_PRECISION tinyint; NUMERIC_PRECISION_RADIX smallint; NUMERIC_SCALE int;"
    "DATETIME_PRECISION smallint; CHARACTER_SET_CATALOG sysname; CHARACTER_SET_SCHEMA sysname;"
    "CHARACTER_SET_NAME sysname; COLLATION_CATALOG sysname; COLLATION_SCHEMA sysname; COLLATION_NAME sysname;"
    "DOMAIN_CATALOG sysname; DOMAIN_SCHEMA sysname; DOMAIN_NAME sysname"
)
_CONSTRAINT = "CONSTRAINT_CATALOG sysname; CONSTRAINT_SCHEMA sysname; CONSTRAINT_NAME sysname; TABLE_CATALOG sysname; TABLE_SCHEMA sysname; TABLE_NAME sysname"
VIEWS = {
    "information_schema.tables": (
        "TABLE_CATALOG sysname; TABLE_SCHEMA sysname; TABLE_NAME sysname; TABLE_TYPE varchar(10)", tables),
    "information_schema.columns": (_COLUMNS, columns),
    "information_schema.views": (
        "TABLE_CATALOG sysname; TABLE_SCHEMA sysname; TABLE_NAME sysname; VIEW_DEFINITION nvarchar(4000);"
        "CHECK_OPTION varchar(7); IS_UPDATABLE varchar(2)", views),
    "information_schema.schemata": (
        "CATALOG_NAME sysname; SCHEMA_NAME sysname; SCHEMA_OWNER sysname; DEFAULT_CHARACTER_SET_CATALOG sysname;"
        "DEFAULT_CHARACTER_SET_SCHEMA sysname; DEFAULT_CHARACTER_SET_NAME sysname", schemata),
    "information_schema.table_privileges": (
        "GRANTOR sysname; GRANTEE sysname; TABLE_CATALOG sysname; TABLE_SCHEMA sysname; TABLE_NAME sysname;"
        "PRIVILEGE_TYPE varchar(10); IS_GRANTABLE varchar(3)", table_privileges),
    "information_schema.routines": (
        "SPECIFIC_CATALOG sysname; SPECIFIC_SCHEMA sysname; SPECIFIC_NAME sysname; ROUTINE_CATALOG sysname;"
        "ROUTINE_SCHEMA sysname; ROUTINE_NAME sysname; ROUTINE_TYPE nvarchar(20); ROUTINE_DEFINITION nvarchar(max);"
        "CREATED datetime; LAST_ALTERED datetime", routines),
    "information_schema.table_constraints": (
        f"{_CONSTRAINT}; CONSTRAINT_TYPE varchar(11); IS_DEFERRABLE varchar(2); INITIALLY_DEFERRED varchar(2)", table_constraints),
    "information_schema.key_column_usage": (f"{_CONSTRAINT}; COLUMN_NAME sysname; ORDINAL_POSITION int", key_column_usage),
    "information_schema.referential_constraints": (
        "CONSTRAINT_CATALOG sysname; CONSTRAINT_SCHEMA sysname; CONSTRAINT_NAME sysname; UNIQUE_CONSTRAINT_NAME sysname", none),
}  # fmt: skip
