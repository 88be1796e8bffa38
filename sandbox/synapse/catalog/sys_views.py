"""sys.*: the catalog views of objects, columns, types, principals.

https://learn.microsoft.com/sql/relational-databases/system-catalog-views/catalog-views-transact-sql
https://learn.microsoft.com/azure/synapse-analytics/sql/reference-tsql-system-views
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.synapse.catalog.information_views import none
from sandbox.synapse.catalog.references import references
from sandbox.synapse.catalog.snapshot import Snapshot
from sandbox.synapse.catalog.things import EXTERNAL, MATERIALIZED, PROCEDURE, TABLE, VIEW, Object, TableColumn
from sandbox.synapse.catalog.type_facts import SYSNAME, TYPES, storage

Row = tuple[Any, ...]
KINDS = {
    TABLE: "USER_TABLE",
    EXTERNAL: "USER_TABLE",
    VIEW: "VIEW",
    MATERIALIZED: "VIEW",
    PROCEDURE: "SQL_STORED_PROCEDURE",
}
INDEX_KINDS = {"HEAP": 0, "CLUSTERED INDEX": 1, "NONCLUSTERED": 2, "CLUSTERED COLUMNSTORE INDEX": 5}
INDEX_WORDS = {0: "HEAP", 1: "CLUSTERED", 2: "NONCLUSTERED", 5: "CLUSTERED COLUMNSTORE"}


def schemas(snapshot: Snapshot) -> Iterable[Row]:
    for schema in snapshot.schemas:
        yield schema.name, schema.id, schema.owner


def principals(snapshot: Snapshot) -> Iterable[Row]:
    words = {"S": "SQL_USER", "R": "DATABASE_ROLE", "E": "EXTERNAL_USER"}
    for p in snapshot.principals:
        fixed = p.id >= 16384
        login = {"S": (1, "INSTANCE"), "R": (0, "NONE"), "E": (4, "EXTERNAL")}[p.kind]
        yield (
            p.name,
            p.id,
            p.kind,
            words[p.kind],
            p.default_schema,
            p.created,
            p.created,
            1 if p.kind == "R" else None,
            None,
            fixed,
            *login,
        )


def role_members(snapshot: Snapshot) -> Iterable[Row]:
    for role in snapshot.principals:
        for member in role.members:
            yield role.id, member


def permissions(snapshot: Snapshot) -> Iterable[Row]:
    classes = {0: "DATABASE", 1: "OBJECT_OR_COLUMN", 3: "SCHEMA"}
    states = {"G": "GRANT", "D": "DENY", "W": "GRANT_WITH_GRANT_OPTION"}
    codes = {"SELECT": "SL", "INSERT": "IN", "UPDATE": "UP", "DELETE": "DL", "EXECUTE": "EX", "CONTROL": "CL",
             "ALTER": "AL", "REFERENCES": "RF", "VIEW DEFINITION": "VW", "CONNECT": "CO", "TAKE OWNERSHIP": "TO"}  # fmt: skip
    for p in snapshot.permissions:
        code = codes.get(p.permission, p.permission[:4])
        yield (
            p.class_,
            classes[p.class_],
            p.id,
            0,
            p.grantee,
            p.grantor,
            code,
            p.permission,
            p.state,
            states[p.state],
        )


def head_of(snapshot: Snapshot, found: Object) -> Row:
    """The columns of sys.objects."""
    kind = {EXTERNAL: TABLE, MATERIALIZED: VIEW}.get(found.kind, found.kind)
    return (
        found.name, found.id, found.owner, snapshot.schema_id(found.schema), 0, kind, KINDS[found.kind],
        found.created, found.modified, False, False, False,
    )  # fmt: skip


def objects(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        yield head_of(snapshot, found)
        for key in found.keys:
            kind, words = (
                ("PK", "PRIMARY_KEY_CONSTRAINT") if key.kind == "PK" else ("UQ", "UNIQUE_CONSTRAINT")
            )
            yield (key.name, key.id, None, snapshot.schema_id(found.schema), found.id, kind, words, found.created,
                   found.created, False, False, False)  # fmt: skip


def tables(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.kind in (TABLE, EXTERNAL):
            yield *head_of(snapshot, found), found.kind == EXTERNAL, 0, "NON_TEMPORAL_TABLE"


def views(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.is_view:
            yield *head_of(snapshot, found), False, False


def procedures(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.kind == PROCEDURE:
            yield head_of(snapshot, found)


def modules(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        if found.definition is not None:
            yield found.id, found.definition, True, True, False


def columns(snapshot: Snapshot) -> Iterable[Row]:
    return (row for row, _ in _described(snapshot))


def _described(snapshot: Snapshot) -> Iterable[tuple[Row, TableColumn]]:
    for found in snapshot.objects:
        for place, column in enumerate(found.columns, 1):
            number, length, precision, scale = storage(column.type)
            collation = (column.collation or snapshot.collation) if column.type.is_text else None
            default = found.id + 500_000_000 + place if column.default else 0
            told = (
                found.id, column.name, place, number, number, length, precision, scale, collation, column.nullable,
                True, False, column.identity is not None, False, False, default, column.mask is not None,
            )  # fmt: skip
            yield told, column


def types(snapshot: Snapshot) -> Iterable[Row]:
    for name, (number, length, precision, scale) in TYPES.items():
        text = name.endswith("char")
        yield (
            name,
            number,
            number,
            4,
            None,
            length,
            precision,
            scale,
            snapshot.collation if text else None,
            True,
            False,
            False,
        )
    system, user, length = SYSNAME
    yield "sysname", system, user, 4, None, length, 0, 0, snapshot.collation, False, False, False


def _indexes(found: Object) -> Iterator[tuple[str | None, int, int, bool, bool, tuple[str, ...]]]:
    """(name, index_id, type, unique, primary key, columns) of a table's indexes, its heap among them."""
    if found.kind != TABLE:
        return
    kind = INDEX_KINDS[found.index or "HEAP"]
    name = None if kind == 0 else f"ClusteredIndex_{found.id:x}"
    yield name, 0 if kind == 0 else 1, kind, False, False, found.index_columns
    for place, index in enumerate(found.indexes, 2):
        yield index.name, place, INDEX_KINDS["NONCLUSTERED"], False, False, index.columns
    for place, key in enumerate(found.keys, 2 + len(found.indexes)):
        yield key.name, place, INDEX_KINDS["NONCLUSTERED"], True, key.kind == "PK", key.columns


def indexes(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for name, number, kind, unique, primary, _ in _indexes(found):
            yield (found.id, name, number, kind, INDEX_WORDS[kind], unique, 1, False, primary, unique and not primary,
                   0, False, False, False)  # fmt: skip


def index_columns(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        places = {column.name: place for place, column in enumerate(found.columns, 1)}
        for _, number, _, _, _, names in _indexes(found):
            for place, name in enumerate(names, 1):
                yield found.id, number, place, places.get(name, 0), place, 0, False, False


def key_constraints(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for place, key in enumerate(found.keys, 2 + len(found.indexes)):
            words = "PRIMARY_KEY_CONSTRAINT" if key.kind == "PK" else "UNIQUE_CONSTRAINT"
            yield (
                key.name,
                key.id,
                None,
                snapshot.schema_id(found.schema),
                found.id,
                key.kind,
                words,
                found.created,
                found.created,
                False,
                place,
                False,
                False,
            )


def default_constraints(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for place, column in enumerate(found.columns, 1):
            if column.default is not None:
                yield (column.default[0], found.id + 500_000_000 + place, None, snapshot.schema_id(found.schema),
                       found.id, "D ", "DEFAULT_CONSTRAINT", found.created, found.created, place, column.default[1])  # fmt: skip


def identity_columns(snapshot: Snapshot) -> Iterable[Row]:
    for row, column in _described(snapshot):
        if column.identity is not None:
            yield (*row, *column.identity)


def statistics(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for place, (name, _) in enumerate(found.statistics, 2):
            yield found.id, name, place, False, True, False


def dependencies(snapshot: Snapshot) -> Iterable[Row]:
    for found in snapshot.objects:
        for schema, name in references(found.definition) if found.definition else ():
            there = snapshot.state.objects.get(
                (snapshot.state.key(schema or found.schema), snapshot.state.key(name))
            )
            yield (found.id, 0, 1, "OBJECT_OR_COLUMN", False, 1, "OBJECT_OR_COLUMN", None, None, schema, name,
                   there.id if there else None, 0, False, False)  # fmt: skip


OBJECT = (
    "name sysname; object_id int; principal_id int; schema_id int; parent_object_id int; type char(2);"
    "type_desc nvarchar(60); create_date datetime; modify_date datetime; is_ms_shipped bit; is_published bit;"
    "is_schema_published bit"
)
_COLUMN = (
    "object_id int; name sysname; column_id int; system_type_id tinyint; user_type_id int; max_length smallint;"
    "precision tinyint; scale tinyint; collation_name sysname; is_nullable bit; is_ansi_padded bit;"
    "is_rowguidcol bit; is_identity bit; is_computed bit; is_filestream bit; default_object_id int; is_masked bit"
)
_CONSTRAINT = (
    "name sysname; object_id int; principal_id int; schema_id int; parent_object_id int; type char(2);"
    "type_desc nvarchar(60); create_date datetime; modify_date datetime"
)

VIEWS = {
    "sys.schemas": ("name sysname; schema_id int; principal_id int", schemas),
    "sys.database_principals": (
        "name sysname; principal_id int; type char(1); type_desc nvarchar(60); default_schema_name sysname;"
        "create_date datetime; modify_date datetime; owning_principal_id int; sid varbinary(85); is_fixed_role bit;"
        "authentication_type int; authentication_type_desc nvarchar(60)", principals),
    "sys.database_role_members": ("role_principal_id int; member_principal_id int", role_members),
    "sys.database_permissions": (
        "class tinyint; class_desc nvarchar(60); major_id int; minor_id int; grantee_principal_id int;"
        "grantor_principal_id int; type char(4); permission_name nvarchar(128); state char(1); state_desc nvarchar(60)",
        permissions),
    "sys.objects": (OBJECT, objects),
    "sys.all_objects": (OBJECT, objects),
    "sys.tables": (f"{OBJECT}; is_external bit; temporal_type tinyint; temporal_type_desc nvarchar(60)", tables),
    "sys.views": (f"{OBJECT}; has_opaque_metadata bit; with_check_option bit", views),
    "sys.procedures": (OBJECT, procedures),
    "sys.sql_modules": (
        "object_id int; definition nvarchar(max); uses_ansi_nulls bit; uses_quoted_identifier bit; is_schema_bound bit", modules),
    "sys.columns": (_COLUMN, columns),
    "sys.types": (
        "name sysname; system_type_id tinyint; user_type_id int; schema_id int; principal_id int; max_length smallint;"
        "precision tinyint; scale tinyint; collation_name sysname; is_nullable bit; is_user_defined bit;"
        "is_assembly_type bit", types),
    "sys.indexes": (
        "object_id int; name sysname; index_id int; type tinyint; type_desc nvarchar(60); is_unique bit;"
        "data_space_id int; ignore_dup_key bit; is_primary_key bit; is_unique_constraint bit; fill_factor tinyint;"
        "is_padded bit; is_disabled bit; has_filter bit", indexes),
    "sys.index_columns": (
        "object_id int; index_id int; index_column_id int; column_id int; key_ordinal tinyint; partition_ordinal tinyint;"
        "is_descending_key bit; is_included_column bit", index_columns),
    "sys.key_constraints": (
        f"{_CONSTRAINT}; is_ms_shipped bit; unique_index_id int; is_system_named bit; is_enforced bit", key_constraints),
    "sys.default_constraints": (f"{_CONSTRAINT}; parent_column_id int; definition nvarchar(max)", default_constraints),
    "sys.computed_columns": (f"{_COLUMN}; definition nvarchar(4000); is_persisted bit", none),
    "sys.identity_columns": (f"{_COLUMN}; seed_value bigint; increment_value bigint", identity_columns),
    "sys.foreign_keys": (f"{_CONSTRAINT}; referenced_object_id int", none),
    "sys.foreign_key_columns": (
        "constraint_object_id int; constraint_column_id int; parent_object_id int; parent_column_id int;"
        "referenced_object_id int; referenced_column_id int", none),
    "sys.stats": ("object_id int; name sysname; stats_id int; auto_created bit; user_created bit; no_recompute bit", statistics),
    "sys.sql_expression_dependencies": (
        "referencing_id int; referencing_minor_id int; referencing_class tinyint; referencing_class_desc nvarchar(60);"
        "is_schema_bound_reference bit; referenced_class tinyint; referenced_class_desc nvarchar(60);"
        "referenced_server_name sysname; referenced_database_name sysname; referenced_schema_name sysname;"
        "referenced_entity_name sysname; referenced_id int; referenced_minor_id int; is_caller_dependent bit;"
        "is_ambiguous bit", dependencies),
    "sys.extended_properties": ("class tinyint; class_desc nvarchar(60); major_id int; minor_id int; name sysname; value nvarchar(4000)", none),
}  # fmt: skip
