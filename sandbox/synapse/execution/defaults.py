"""DEFAULT values of columns, as DuckDB's text."""

from __future__ import annotations

from sandbox.synapse.catalog.things import TableColumn
from sandbox.synapse.language import read_batch, translate_expression
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.nodes import Node
from sandbox.synapse.session import Session


def default_text(session: Session, default: Node, column: TableColumn) -> str:
    """The expression converted to the column's type."""
    made = translate_expression(default, session.names, {}, column.type).duckdb
    return made.removeprefix("SELECT ").removesuffix(" AS c1")


def kept_default(session: Session, column: TableColumn) -> str:
    """The text of the column's DEFAULT, or NULL of its type."""
    if column.default is None:
        return f"CAST(NULL AS {column.type.duckdb()})"
    (statement,) = read_batch(f"SELECT {column.default[1]} AS c")
    assert isinstance(statement, s.SelectStatement)
    node = statement.query.body.items[0].expression  # type: ignore[union-attr]
    assert node is not None
    return default_text(session, node, column)
