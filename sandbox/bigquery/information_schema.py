"""INFORMATION_SCHEMA and __TABLES__: what the catalog knows, as rows.

Columns and their order are BigQuery's, as far as a view is served at all.
https://cloud.google.com/bigquery/docs/information-schema-intro
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.bigquery.billing import NULL_PARTITION, Sizes
from sandbox.bigquery.catalog import Catalog, Table
from sandbox.bigquery.errors import Unsupported
from sandbox.bigquery.types import Column, Type

Row = tuple[Any, ...]
S, T, F = "STRING", "TIMESTAMP", "FLOAT64"


def _columns(text: str) -> list[Column]:
    """'name:TYPE …'; a name alone is a STRING."""
    pairs = [part.split(":") for part in text.split()]
    return [Column(p[0], Type(p[1] if len(p) > 1 else S)) for p in pairs]


def _moment(milliseconds: int | str | None) -> dt.datetime | None:
    if not milliseconds:
        return None
    return dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(milliseconds))


class InformationSchema:
    """The rows of each view, for a dataset or, without one, for all of a project's."""

    def __init__(
        self, catalog: Catalog, sizes: Sizes, schema_of: Callable[[Table], tuple[Column, ...]]
    ) -> None:
        self._catalog = catalog
        self._sizes = sizes
        self._schema_of = schema_of

    def view(
        self, name: str, project: str, dataset: str | None
    ) -> tuple[list[Column], Callable[[], list[Row]]]:
        """Columns, and the rows as of the call. Raises Unsupported for a view that is not served."""
        name = name.upper()
        if name not in VIEWS:
            raise Unsupported(f"INFORMATION_SCHEMA.{name}")
        text, maker = VIEWS[name]
        return _columns(text), lambda: list(maker(self, project, dataset))

    def tables(self, project: str, dataset: str | None) -> list[Table]:
        if dataset is not None:
            self._catalog.dataset(project, dataset)
            return self._catalog.tables_of(project, dataset)
        names = sorted(n for p, n in self._catalog.datasets if p == project)
        return [t for n in names for t in self._catalog.tables_of(project, n)]

    def _rows_and_bytes(self, table: Table) -> tuple[int, int]:
        if not table.place:
            return 0, 0
        rows = sum(self._sizes.partitions(table).values())
        return rows, sum(self._sizes.of(table, table.columns).values())

    # ---------- one method a view

    def schemata(self, project: str, dataset: str | None) -> Iterator[Row]:
        for (p, n), d in sorted(self._catalog.datasets.items()):
            if p == project and dataset in (None, n):
                yield p, n, None, _moment(d.created), _moment(d.modified), d.location, None, None

    def schemata_options(self, project: str, dataset: str | None) -> Iterator[Row]:
        for (p, n), d in sorted(self._catalog.datasets.items()):
            if p == project and dataset in (None, n) and d.settings.get("description"):
                yield p, n, "description", S, json.dumps(d.settings["description"], ensure_ascii=False)

    def tables_view(self, project: str, dataset: str | None) -> Iterator[Row]:
        kinds = {"TABLE": "BASE TABLE", "MATERIALIZED_VIEW": "MATERIALIZED VIEW"}
        for t in self.tables(project, dataset):
            kind = kinds.get(t.kind, t.kind)
            yield *t.key, kind, None, "YES" if t.kind == "TABLE" else "NO", "NO", _moment(t.created), None

    def tables_legacy(self, project: str, dataset: str | None) -> Iterator[Row]:
        kinds = {"TABLE": 1, "VIEW": 2, "MATERIALIZED_VIEW": 4, "SNAPSHOT": 7}
        for t in self.tables(project, dataset):
            rows, bytes_ = self._rows_and_bytes(t)
            counted = (None, None) if t.is_view else (rows, bytes_)
            yield *t.key, t.created, t.modified, *counted, kinds[t.kind]

    def views(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            if t.kind == "VIEW":
                yield *t.key, t.query, None, "YES"

    def materialized_views(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            if t.kind == "MATERIALIZED_VIEW":
                yield *t.key, _moment(t.modified), None

    def columns(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            field = (t.settings.get("timePartitioning") or t.settings.get("rangePartitioning") or {}).get(
                "field"
            )
            clustered = (t.settings.get("clustering") or {}).get("fields", [])
            for i, c in enumerate(t.columns, 1):
                place = clustered.index(c.name) + 1 if c.name in clustered else None
                yield (
                    *t.key, c.name, i, "NO" if c.required else "YES", str(c.type), "NEVER", None, None, "NO", None, "NO",
                    "YES" if c.name == field else "NO", place, "NULL", c.default or "NULL", None,
                )  # fmt: skip

    def column_field_paths(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            for c in t.columns:
                for path, type_, text in _paths(c):
                    yield *t.key, c.name, path, str(type_), text, "NULL", None, None

    def table_options(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            for name, type_, value in options_of(t):
                yield *t.key, name, type_, value

    def object_privileges(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            for privilege, grantee in t.grants:
                kind = {"TABLE": "TABLE", "MATERIALIZED_VIEW": "MATERIALIZED VIEW"}.get(t.kind, t.kind)
                yield *t.key, kind, privilege, grantee

    def table_storage(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            if t.place:
                rows, bytes_ = self._rows_and_bytes(t)
                parts = len(self._sizes.partitions(t)) if t.partitioning else 0
                yield (
                    t.key[0], 0, "", *t.key, _moment(t.created), rows, parts, bytes_, bytes_, 0, bytes_, bytes_, 0, 0, 0,
                    _moment(t.modified), False, "BASE TABLE",
                )  # fmt: skip

    def partitions(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            if not t.place:
                continue
            sizes = self._sizes.of(t, t.columns)
            for partition, rows in sorted(self._sizes.partitions(t).items(), key=str):
                bytes_ = sizes.get(partition, 0)
                yield *t.key, partition_id(partition, t), rows, bytes_, bytes_, _moment(t.modified), "ACTIVE"

    def routines(self, project: str, dataset: str | None) -> Iterator[Row]:
        for key, r in sorted(self._catalog.routines.items()):
            if key[0] == project and dataset in (None, key[1]):
                yield (
                    *key, *key, "FUNCTION", None, "SQL", r.resource["definitionBody"], None, "YES", None, None,
                    _moment(r.created), _moment(r.modified), None, None,
                )  # fmt: skip

    def table_constraints(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            for kind, name in _constraints(t):
                yield t.key[0], t.key[1], name, *t.key, kind, "NO", "NO", "NO"

    def key_column_usage(self, project: str, dataset: str | None) -> Iterator[Row]:
        for t in self.tables(project, dataset):
            keys = (t.settings.get("tableConstraints") or {}).get("primaryKey", {}).get("columns", [])
            for i, column in enumerate(keys, 1):
                yield t.key[0], t.key[1], f"{t.key[2]}.pk$", *t.key, column, i, None


def _constraints(t: Table) -> Iterator[tuple[str, str]]:
    told = t.settings.get("tableConstraints") or {}
    if told.get("primaryKey"):
        yield "PRIMARY KEY", f"{t.key[2]}.pk$"
    for i, foreign in enumerate(told.get("foreignKeys", []), 1):
        yield "FOREIGN KEY", foreign.get("name") or f"{t.key[2]}.fk${i}"


def _paths(column: Column) -> Iterator[tuple[str, Type, str | None]]:
    """A column and the fields below it, each with its description."""
    told = dict(column.descriptions)

    def below(path: str, type_: Type, text: str | None) -> Iterator[tuple[str, Type, str | None]]:
        yield path, type_, text
        inner = type_.element if type_.element is not None else type_
        for name, field in inner.fields:
            inside = f"{path}.{name}"
            yield from below(inside, field, told.get(inside.split(".", 1)[1]))

    yield from below(column.name, column.type, column.description)


def partition_id(partition: Any, table: Table) -> str | None:
    """As in __PARTITIONS__: 20200131, 2020013123, 202001, 2020, a number, or __NULL__."""
    if partition is None:
        return None
    if partition == NULL_PARTITION:
        return NULL_PARTITION
    if table.settings.get("rangePartitioning"):
        return "__UNPARTITIONED__" if partition == -9223372036854775807 else str(partition)
    pattern = {"HOUR": "%Y%m%d%H", "DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y"}
    return str(partition.strftime(pattern[table.settings["timePartitioning"]["type"]]))


def options_of(table: Table) -> list[tuple[str, str, str]]:
    """Options as TABLE_OPTIONS lists them: name, type, value as SQL."""
    told, found = table.settings, []
    partitioning = told.get("timePartitioning") or {}
    if partitioning.get("expirationMs"):
        found.append(("partition_expiration_days", F, repr(int(partitioning["expirationMs"]) / 86_400_000)))
    if told.get("expirationTime"):
        moment = _moment(told["expirationTime"])
        assert moment is not None
        found.append(("expiration_timestamp", T, f'TIMESTAMP "{moment.isoformat(timespec="milliseconds")}Z"'))
    if told.get("friendlyName"):
        found.append(("friendly_name", S, json.dumps(told["friendlyName"], ensure_ascii=False)))
    if told.get("description"):
        found.append(("description", S, json.dumps(told["description"], ensure_ascii=False)))
    if told.get("labels"):
        pairs = ", ".join(f"STRUCT({json.dumps(k)}, {json.dumps(v)})" for k, v in told["labels"].items())
        found.append(("labels", "ARRAY<STRUCT<STRING, STRING>>", f"[{pairs}]"))
    if told.get("requirePartitionFilter"):
        found.append(("require_partition_filter", "BOOL", "true"))
    return found


KEY = "table_catalog table_schema table_name"
VIEWS: dict[str, tuple[str, Callable[[InformationSchema, str, str | None], Iterator[Row]]]] = {
    "SCHEMATA": (
        "catalog_name schema_name schema_owner creation_time:TIMESTAMP last_modified_time:TIMESTAMP location ddl default_collation_name",
        InformationSchema.schemata,
    ),
    "SCHEMATA_OPTIONS": ("catalog_name schema_name option_name option_type option_value", InformationSchema.schemata_options),
    "TABLES": (
        f"{KEY} table_type managed_table_type is_insertable_into is_typed creation_time:TIMESTAMP ddl",
        InformationSchema.tables_view,
    ),
    "__TABLES__": (
        "project_id dataset_id table_id creation_time:INT64 last_modified_time:INT64 row_count:INT64 size_bytes:INT64 type:INT64",
        InformationSchema.tables_legacy,
    ),
    "VIEWS": (f"{KEY} view_definition check_option use_standard_sql", InformationSchema.views),
    "MATERIALIZED_VIEWS": (
        f"{KEY} last_refresh_time:TIMESTAMP refresh_watermark:TIMESTAMP",
        InformationSchema.materialized_views,
    ),
    "COLUMNS": (
        f"{KEY} column_name ordinal_position:INT64 is_nullable data_type is_generated generation_expression is_stored is_hidden"
        " is_updatable is_system_defined is_partitioning_column clustering_ordinal_position:INT64 collation_name column_default"
        " rounding_mode",
        InformationSchema.columns,
    ),
    "COLUMN_FIELD_PATHS": (
        f"{KEY} column_name field_path data_type description collation_name rounding_mode policy_tags",
        InformationSchema.column_field_paths,
    ),
    "TABLE_OPTIONS": (f"{KEY} option_name option_type option_value", InformationSchema.table_options),
    "OBJECT_PRIVILEGES": (
        "object_catalog object_schema object_name object_type privilege_type grantee",
        InformationSchema.object_privileges,
    ),
    "TABLE_STORAGE": (
        f"project_id project_number:INT64 folder_numbers {KEY} creation_time:TIMESTAMP total_rows:INT64 total_partitions:INT64"
        " total_logical_bytes:INT64 active_logical_bytes:INT64 long_term_logical_bytes:INT64 current_physical_bytes:INT64"
        " total_physical_bytes:INT64 active_physical_bytes:INT64 long_term_physical_bytes:INT64 time_travel_physical_bytes:INT64"
        " storage_last_modified_time:TIMESTAMP deleted:BOOL table_type",
        InformationSchema.table_storage,
    ),
    "PARTITIONS": (
        f"{KEY} partition_id total_rows:INT64 total_logical_bytes:INT64 total_billable_bytes:INT64 last_modified_time:TIMESTAMP storage_tier",
        InformationSchema.partitions,
    ),
    "ROUTINES": (
        "specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name routine_type data_type routine_body"
        " routine_definition external_language is_deterministic security_type ddl created:TIMESTAMP last_altered:TIMESTAMP"
        " connection security_mode",
        InformationSchema.routines,
    ),
    "TABLE_CONSTRAINTS": (
        f"constraint_catalog constraint_schema constraint_name {KEY} constraint_type is_deferrable initially_deferred enforced",
        InformationSchema.table_constraints,
    ),
    "KEY_COLUMN_USAGE": (
        f"constraint_catalog constraint_schema constraint_name {KEY} column_name ordinal_position:INT64 position_in_unique_constraint:INT64",
        InformationSchema.key_column_usage,
    ),
}  # fmt: skip
