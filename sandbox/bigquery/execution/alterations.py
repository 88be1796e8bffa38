"""ALTER TABLE, VIEW and SCHEMA, and GRANT and REVOKE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.catalog import Change, Table, now_ms
from sandbox.bigquery.errors import Failure, InvalidQuery, NotFound, Unsupported
from sandbox.bigquery.execution import options
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.definitions import _nested, _parameterized
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.translate import values
from sandbox.bigquery.translate.expressions import type_parameters
from sandbox.bigquery.types import Column, Type, of_proto

# types that a column may be changed to without losing a value
WIDER = {
    ("INT64", "NUMERIC"),
    ("INT64", "FLOAT64"),
    ("INT64", "BIGNUMERIC"),
    ("NUMERIC", "FLOAT64"),
    ("NUMERIC", "BIGNUMERIC"),
}
STATEMENTS = {
    "AlterTableStmt": ("ALTER_TABLE", ("TABLE", "SNAPSHOT")), "AlterViewStmt": ("ALTER_VIEW", ("VIEW",)),
    "AlterMaterializedViewStmt": ("ALTER_MATERIALIZED_VIEW", ("MATERIALIZED_VIEW",)),
}  # fmt: skip


def alter(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    if node.kind == "AlterSchemaStmt":
        return _alter_schema(context, node, sources)
    if node.kind not in STATEMENTS:
        raise Unsupported(node.kind)
    kind, allowed = STATEMENTS[node.kind]
    key = context.key(node.name_path)
    outcome = Outcome(kind, target=key, operation="ALTER")
    with context.catalog.locked(key), engine_errors():
        try:
            table = context.catalog.table(key)
        except NotFound:
            if not node.is_if_exists:
                raise
            outcome.operation = "SKIP"
            return outcome
        if table.kind not in allowed:
            raise Failure(
                "invalid",
                f"{table.name} is not allowed for this operation because it is currently a {table.kind}.",
            )
        if context.dry_run:
            return outcome
        with context.catalog.transaction() as change:
            for action in node.alter_action_list:
                writer = ACTIONS.get(action.kind)
                if writer is None:
                    raise Unsupported(f"ALTER with {action.kind}")
                table = writer(_Altering(context, change, sources), table, action)
            change.put_table(replace(table, modified=now_ms(), version=table.version + 1))
    return outcome


class _Altering:
    def __init__(self, context: Context, change: Change, sources: dict[int, Any]) -> None:
        self.context = context
        self.change = change
        self.t = context.translator(sources)

    def run(self, sql: str) -> None:
        self.change.cursor.execute(sql)

    def told(self, node: Node) -> dict[str, Any]:
        return options.option_values(self.context, self.t, node.option_list)


def _column(table: Table, name: str) -> tuple[int, Column]:
    for i, column in enumerate(table.columns):
        if column.name.lower() == name.lower():
            return i, column
    raise InvalidQuery(f"Column not found: {name}")


def _with(table: Table, at: int, column: Column) -> Table:
    columns = list(table.columns)
    columns[at] = column
    return replace(table, columns=tuple(columns))


def set_options(a: _Altering, table: Table, action: Node) -> Table:
    return replace(table, settings=options.table_settings(a.told(action), table.settings, table.kind))


def add_column(a: _Altering, table: Table, action: Node) -> Table:
    definition = action.column_definition
    if any(c.name.lower() == definition.name.lower() for c in table.columns):
        if action.is_if_not_exists:
            return table
        raise Failure("invalid", f"Column already exists: {definition.name}")
    notes = definition.annotations
    if notes is not None and notes.not_null:
        raise InvalidQuery(f"Column {definition.name} cannot be added as NOT NULL to an existing table")
    type_ = of_proto(definition.type)
    column = Column(
        definition.name, _parameterized(type_, notes), False, options.column_description(a.context, a.t, notes),
        descriptions=tuple(_nested(a.context, a.t, type_, notes, "")),
    )  # fmt: skip
    a.run(
        f"ALTER TABLE {table.place} ADD COLUMN {values.name(column.name)} {type_.engine}{' DEFAULT []' if type_.element is not None else ''}"
    )
    return replace(table, columns=(*table.columns, column))


def drop_column(a: _Altering, table: Table, action: Node) -> Table:
    try:
        _, column = _column(table, action.name)
    except InvalidQuery:
        if action.is_if_exists:
            return table
        raise
    used = [
        (table.partitioning or {}).get("field"),
        *(table.settings.get("clustering") or {}).get("fields", []),
    ]
    if column.name in used:
        raise InvalidQuery(
            f"ALTER TABLE DROP COLUMN: column {column.name} is used for partitioning or clustering"
        )
    a.run(f"ALTER TABLE {table.place} DROP COLUMN {values.name(column.name)}")
    return replace(table, columns=tuple(c for c in table.columns if c is not column))


def rename_column(a: _Altering, table: Table, action: Node) -> Table:
    at, column = _column(table, action.name)
    a.run(
        f"ALTER TABLE {table.place} RENAME COLUMN {values.name(column.name)} TO {values.name(action.new_name)}"
    )
    return _with(table, at, replace(column, name=action.new_name))


def rename_to(a: _Altering, table: Table, action: Node) -> Table:
    parts = a.context.parts(action.new_path)
    key = (*table.key[:2], parts[-1])
    if a.context.catalog.exists(key):
        raise Failure("duplicate", f"Already Exists: Table {key[0]}:{key[1]}.{key[2]}")
    # the rows stay where they are: only the entry of the old name goes
    a.change.drop_table(replace(table, place=""))
    return replace(table, key=key)


def set_data_type(a: _Altering, table: Table, action: Node) -> Table:
    at, column = _column(table, action.column)
    bare = of_proto(action.updated_type)
    told = action.updated_type_parameters
    type_ = replace(bare, parameters=type_parameters(told)) if told is not None else bare
    if not _may_become(column.type, type_):
        raise InvalidQuery(
            f"ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type ({column.type}) is assignable to the new type ({type_})"
        )
    a.run(f"ALTER TABLE {table.place} ALTER COLUMN {values.name(column.name)} SET DATA TYPE {bare.engine}")
    return _with(table, at, replace(column, type=type_))


def _may_become(before: Type, after: Type) -> bool:
    if before.bare == after.bare:
        return not after.parameters or bool(before.parameters and after.parameters[0] >= before.parameters[0])
    return (before.kind, after.kind) in WIDER and not after.parameters


def set_column_options(a: _Altering, table: Table, action: Node) -> Table:
    told = a.told(action)
    unknown = set(told) - {"description"}
    if unknown:
        raise Unsupported(f"the column option {sorted(unknown)[0]}")
    at, column = _column(table, action.column)
    return _with(table, at, replace(column, description=told.get("description")))


def drop_not_null(a: _Altering, table: Table, action: Node) -> Table:
    at, column = _column(table, action.column)
    a.run(f"ALTER TABLE {table.place} ALTER COLUMN {values.name(column.name)} DROP NOT NULL")
    return _with(table, at, replace(column, required=False))


def set_default(a: _Altering, table: Table, action: Node) -> Table:
    at, column = _column(table, action.column)
    return _with(table, at, replace(column, default=action.default_value.sql))


def drop_default(a: _Altering, table: Table, action: Node) -> Table:
    at, column = _column(table, action.column)
    return _with(table, at, replace(column, default=None))


def add_constraint(a: _Altering, table: Table, action: Node) -> Table:
    constraint = action.constraint
    told = dict(table.settings.get("tableConstraints") or {})
    if constraint.kind == "PrimaryKey":
        if not constraint.unenforced:
            raise InvalidQuery("Enforced primary keys are not supported; use NOT ENFORCED")
        told["primaryKey"] = {"columns": list(constraint.column_name_list)}
    else:
        if constraint.enforced:
            raise InvalidQuery("Enforced foreign keys are not supported; use NOT ENFORCED")
        told["foreignKeys"] = [*told.get("foreignKeys", []), {"name": constraint.constraint_name}]
    return replace(table, settings={**table.settings, "tableConstraints": told})


def drop_primary_key(a: _Altering, table: Table, action: Node) -> Table:
    told = dict(table.settings.get("tableConstraints") or {})
    if not told.pop("primaryKey", None) and not action.is_if_exists:
        raise InvalidQuery(f"Table {table.name} has no primary key")
    return replace(table, settings={**table.settings, "tableConstraints": told})


ACTIONS: dict[str, Callable[[_Altering, Table, Node], Table]] = {
    "SetOptionsAction": set_options,
    "AddColumnAction": add_column,
    "DropColumnAction": drop_column,
    "RenameColumnAction": rename_column,
    "RenameToAction": rename_to,
    "AlterColumnSetDataTypeAction": set_data_type,
    "AlterColumnOptionsAction": set_column_options,
    "AlterColumnDropNotNullAction": drop_not_null,
    "AlterColumnSetDefaultAction": set_default,
    "AlterColumnDropDefaultAction": drop_default,
    "AddConstraintAction": add_constraint,
    "DropPrimaryKeyAction": drop_primary_key,
}


def _alter_schema(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    parts = context.parts(node.name_path)
    project, name = (context.project, parts[0]) if len(parts) == 1 else (parts[-2], parts[-1])
    outcome = Outcome("ALTER_SCHEMA", operation="ALTER")
    if (project, name) not in context.catalog.datasets and node.is_if_exists:
        outcome.operation = "SKIP"
        return outcome
    dataset = context.catalog.dataset(project, name)
    settings = dataset.settings
    t = context.translator(sources)
    for action in node.alter_action_list:
        if action.kind != "SetOptionsAction":
            raise Unsupported(f"ALTER SCHEMA with {action.kind}")
        settings = options.dataset_settings(options.option_values(context, t, action.option_list), settings)
    if not context.dry_run:
        with context.catalog.transaction() as change:
            change.put_dataset(replace(dataset, settings=settings, modified=now_ms()))
    return outcome


def grant(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    """Kept and listed in OBJECT_PRIVILEGES. The stand-in knows one user, so nothing is ever denied."""
    revoke = node.kind == "RevokeStmt"
    kind = " ".join(node.object_type_list).upper() if node.has("object_type_list") else "TABLE"
    outcome = Outcome("REVOKE" if revoke else "GRANT", operation="REVOKE" if revoke else "GRANT")
    grantees = list(node.grantee_list) or [
        context.constant(context.translator(sources), g) for g in node.grantee_expr_list
    ]
    for grantee in grantees:
        if ":" not in grantee and not grantee.startswith("special"):
            raise InvalidQuery(f"Invalid grantee: {grantee}")
    roles = [p.action_type for p in node.privilege_list]
    if kind == "SCHEMA":
        raise Unsupported("GRANT ON SCHEMA")
    key = context.key(node.name_path)
    outcome.target = key
    with context.catalog.locked(key), engine_errors():
        table = context.catalog.table(key)
        pairs = [(role, grantee) for role in roles for grantee in grantees]
        kept = [g for g in table.grants if g not in pairs]
        if not context.dry_run:
            with context.catalog.transaction() as change:
                change.put_table(replace(table, grants=tuple(kept if revoke else [*kept, *pairs])))
    return outcome
