"""One statement: through the gate, then to what carries it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.bigquery.analyzer.gate import Scope
from sandbox.bigquery.analyzer.tree import Node
from sandbox.bigquery.errors import InvalidQuery, Unsupported
from sandbox.bigquery.execution import alterations, changes, definitions, query, transfers
from sandbox.bigquery.execution.context import Context
from sandbox.bigquery.execution.failures import engine_errors
from sandbox.bigquery.execution.outcome import Outcome
from sandbox.bigquery.types import INT64, Column

MADE_BY_LOAD = -1_000_000  # number of a table that is not there yet


BLANK = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"
LOADING = re.compile(BLANK + r"load\b", re.IGNORECASE | re.DOTALL)
CHANGING = re.compile(BLANK + r"(?:alter|load|create)\b", re.IGNORECASE | re.DOTALL)


def run_statement(context: Context, text: str) -> Outcome:
    """Carry out one statement. Raises Failure; then nothing has changed."""
    context.processed = 0
    context.referenced = {}
    scope, sources = context.scope(text, "_partition" in text.lower(), _changed(context, text))
    if LOADING.match(text):
        _expect(context, scope, text)
    node = context.warehouse.gate.analyze(text, scope)
    writer = WRITERS.get(node.kind)
    if writer is None:
        words = "".join(f" {c}" if c.isupper() else c for c in node.kind.removesuffix("Stmt")).strip().upper()
        raise Unsupported(f"the statement {words}")
    with engine_errors():
        return writer(context, node, sources, text)


def _changed(context: Context, text: str) -> list[tuple[str, ...]]:
    """Names of tables that are no rows of the statement but that the analyzer must know: what ALTER changes, and so on."""
    if not CHANGING.match(text):
        return []
    node = context.warehouse.gate.script(text)[0]
    found = [getattr(node, name) for name in ("path", "name", "like_table_name") if node.has(name)]
    source = node.clone_data_source if node.has("clone_data_source") else None
    copied = node.copy_data_source if node.has("copy_data_source") else None
    found += [s.path_expr for s in (source, copied) if s is not None]
    if node.kind.startswith("ASTCreate"):
        found = [f for f in found if not (node.has("name") and f is node.name)]
    return [tuple(n.id_string for n in p.names) for p in found if p is not None]


def _expect(context: Context, scope: Scope, text: str) -> None:
    """LOAD DATA makes the table that is missing; the analyzer asks for it all the same, and looks at no column of it."""
    for path in _changed(context, text):
        if path not in scope.tables:
            scope.tables[path] = (MADE_BY_LOAD, [Column("made_by_load", INT64)])


def _three(
    writer: Callable[[Context, Node, dict[int, Any]], Outcome],
) -> Callable[[Context, Node, dict[int, Any], str], Outcome]:
    return lambda context, node, sources, text: writer(context, node, sources)


def _assert(context: Context, node: Node, sources: dict[int, Any]) -> Outcome:
    outcome = Outcome("ASSERT")
    condition = context.translator(sources).expression(node.expression)
    outcome.processed = context.processed
    if not context.dry_run:
        with context.catalog.cursor() as cursor:
            row = cursor.execute(f"SELECT {condition}").fetchone()
        if row is None or row[0] is not True:
            raise InvalidQuery(
                f"Assertion failed: {node.description}" if node.description else "Assertion failed"
            )
    return outcome


WRITERS: dict[str, Callable[[Context, Node, dict[int, Any], str], Outcome]] = {
    "QueryStmt": _three(query.run_query),
    "CreateTableStmt": _three(definitions.create_table),
    "CreateTableAsSelectStmt": _three(definitions.create_table_as),
    "CreateViewStmt": definitions.create_view,
    "CreateMaterializedViewStmt": definitions.create_view,
    "CreateSchemaStmt": _three(definitions.create_schema),
    "CreateFunctionStmt": _three(definitions.create_function),
    "DropStmt": _three(definitions.drop),
    "DropMaterializedViewStmt": _three(definitions.drop),
    "DropSnapshotTableStmt": _three(definitions.drop),
    "DropFunctionStmt": _three(definitions.drop_function),
    "InsertStmt": _three(changes.insert),
    "UpdateStmt": _three(changes.update),
    "DeleteStmt": _three(changes.delete),
    "MergeStmt": _three(changes.merge),
    "TruncateStmt": _three(changes.truncate),
    "AlterTableStmt": _three(alterations.alter),
    "AlterViewStmt": _three(alterations.alter),
    "AlterMaterializedViewStmt": _three(alterations.alter),
    "AlterSchemaStmt": _three(alterations.alter),
    "GrantStmt": _three(alterations.grant),
    "RevokeStmt": _three(alterations.grant),
    "AuxLoadDataStmt": _three(transfers.load_data),
    "ExportDataStmt": _three(transfers.export_data),
    "AssertStmt": _three(_assert),
}
