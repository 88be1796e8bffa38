"""Values of expressions and conditions outside of queries: SET, IF, WHILE, arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import translate_condition, translate_expression
from sandbox.synapse.language.names import VariableValue
from sandbox.synapse.language.nodes import Literal, Node
from sandbox.synapse.session import Session
from sandbox.synapse.types import MAX, SqlType, nvarchar, varchar

T = TypeVar("T")


def value_of(session: Session, node: Node, target: SqlType | None, line: int) -> VariableValue:
    """The expression's value. target: the type that it is assigned to; None: its own."""
    if isinstance(node, Literal) and node.kind in ("text", "unicode"):
        # the usual EXEC('…'): no need to ask DuckDB, and a text may be longer than any column
        kind = varchar(MAX) if node.kind == "text" else nvarchar(MAX)
        if target is None or (target.is_text and target.length == MAX):
            return VariableValue(target or kind, node.text)
    variables = session.scope.variables

    def read() -> VariableValue:
        translated = translate_expression(node, session.names, variables, target)
        row = session.sql(translated.duckdb).fetchone()
        return VariableValue(target or translated.columns[0].type, row[0] if row else None)

    return at_line(lambda: _read(session, read), line)


def number_of(session: Session, node: Node, line: int, fallback: int) -> int:
    """The expression's value as a whole number; the fallback for NULL."""
    value = value_of(session, node, None, line).value
    return fallback if value is None else int(str(value))


def _read(session: Session, read: Callable[[], T]) -> T:
    """Expressions are also evaluated in a doomed transaction: SET @s = XACT_STATE() is how a batch learns of it."""
    return read() if session.facts.failed_transaction else session.read(read)


def holds(session: Session, condition: Node, line: int) -> bool:
    """Whether the condition of IF or WHILE is true; unknown is not."""

    def read() -> bool:
        translated = translate_condition(condition, session.names, session.scope.variables)
        row = session.sql(translated.duckdb).fetchone()
        return bool(row and row[0])

    return at_line(lambda: _read(session, read), line)


def at_line(run: Callable[[], T], line: int) -> T:
    """An error that knows no line is the statement's."""
    try:
        return run()
    except SqlError as problem:
        if problem.line == 1 and line != 1:
            raise SqlError(
                problem.number, problem.message, line, problem.severity, problem.state
            ) from problem
        raise
