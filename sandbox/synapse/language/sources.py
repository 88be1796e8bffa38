"""The FROM clause.

https://learn.microsoft.com/sql/t-sql/queries/from-transact-sql (syntax for Azure Synapse Analytics)
"""

from __future__ import annotations

from sandbox.synapse.errors import unsupported
from sandbox.synapse.language import calls, expressions, queries
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import (
    Call,
    DerivedTable,
    FunctionSource,
    Join,
    Node,
    Pivot,
    TableSource,
    Unpivot,
)  # fmt: skip
from sandbox.synapse.types import SqlType

TABLE_HINTS = frozenset({"NOLOCK", "READUNCOMMITTED"})
JOIN_HINTS = ("REDUCE", "REPLICATE", "REDISTRIBUTE", "LOOP", "HASH", "MERGE")
TABLE_FUNCTIONS = frozenset({"STRING_SPLIT", "OPENJSON"})


def sources(cursor: Cursor) -> Node:
    """Sources joined by commas."""
    left = joined(cursor)
    while cursor.is_symbol(","):
        at = cursor.advance().at
        left = Join(at, "cross", left, joined(cursor), None)
    return left


def joined(cursor: Cursor) -> Node:
    left = source(cursor)
    while True:
        at = cursor.token.at
        if cursor.accept_word("CROSS"):
            if cursor.accept_word("APPLY"):
                left = Join(at, "cross apply", left, source(cursor), None)
                continue
            cursor.expect_word("JOIN")
            left = Join(at, "cross", left, source(cursor), None)
            continue
        if cursor.is_word("OUTER") and cursor.ahead().upper == "APPLY":
            cursor.accept_words("OUTER", "APPLY")
            left = Join(at, "outer apply", left, source(cursor), None)
            continue
        kind = _join_kind(cursor)
        if kind is None:
            return left
        right = joined(cursor) if _nested(cursor) else source(cursor)
        cursor.expect_word("ON")
        left = Join(at, kind, left, right, expressions.condition(cursor))


def _join_kind(cursor: Cursor) -> str | None:
    kind = None
    if cursor.accept_word("JOIN"):
        return "inner"
    if cursor.accept_word("INNER"):
        kind = "inner"
    elif cursor.is_word("LEFT", "RIGHT", "FULL"):
        kind = cursor.advance().upper.lower()
        cursor.accept_word("OUTER")
    if kind is None:
        return None
    cursor.accept_word(*JOIN_HINTS)
    cursor.expect_word("JOIN")
    return kind


def _nested(cursor: Cursor) -> bool:
    """`a JOIN b JOIN c ON … ON …`: whether another JOIN comes before this one's ON."""
    start = cursor.position
    try:
        source(cursor)
        return cursor.is_word("JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS")
    finally:
        cursor.position = start


def source(cursor: Cursor) -> Node:
    found = _plain_source(cursor)
    while cursor.is_word("PIVOT", "UNPIVOT") and cursor.ahead().upper == "(":
        found = _pivot(cursor, found) if cursor.is_word("PIVOT") else _unpivot(cursor, found)
    return found


def _plain_source(cursor: Cursor) -> Node:
    at = cursor.token.at
    if cursor.is_symbol("("):
        return _parenthesized(cursor)
    if cursor.token.kind == "word" and cursor.token.upper in TABLE_FUNCTIONS and cursor.ahead().upper == "(":
        return _function(cursor)
    if cursor.token.kind == "variable":
        raise unsupported("table variables", at[0])
    if not cursor.is_identifier():
        raise cursor.error()
    name = cursor.name(3)
    if cursor.is_symbol("("):
        raise cursor.error()
    if cursor.is_words("FOR", "SYSTEM_TIME"):
        raise cursor.error()
    alias = _alias(cursor)
    _hints(cursor)
    if alias is None:
        alias = _alias(cursor)
    if cursor.is_word("TABLESAMPLE"):
        raise unsupported("TABLESAMPLE", cursor.token.line)
    return TableSource(at, name, alias)


def _parenthesized(cursor: Cursor) -> Node:
    at = cursor.advance().at
    ahead = 0
    while cursor.ahead(ahead).upper == "(":
        ahead += 1
    if cursor.ahead(ahead).upper == "SELECT":
        start = cursor.position
        body = queries.query(cursor, allow_with=False)
        if cursor.accept_symbol(")"):
            alias = _alias(cursor)
            if alias is not None:
                columns = cursor.names_in_parentheses() if cursor.is_symbol("(") else ()
                return DerivedTable(at, body, alias, columns)
            if ahead == 0:
                raise cursor.error()
        cursor.position = start
    elif cursor.is_word("VALUES", "WITH"):
        raise cursor.error()
    inner = joined(cursor)
    cursor.expect_symbol(")")
    return inner


def _alias(cursor: Cursor) -> str | None:
    if cursor.accept_word("AS"):
        return cursor.identifier()
    if cursor.is_identifier() and not (
        cursor.is_words("OUTER", "APPLY")
        or cursor.is_words("RENAME", "OBJECT")
        or cursor.is_words("COPY", "INTO")
    ):
        return cursor.identifier()
    return None


def _hints(cursor: Cursor) -> None:
    """WITH (NOLOCK): the pool reads uncommitted anyway. Other hints are not in its grammar."""
    if cursor.is_word("WITH") and cursor.ahead().upper == "(":
        cursor.advance()
        cursor.expect_symbol("(")
        cursor.list_of(lambda: cursor.expect_word(*TABLE_HINTS))
        cursor.expect_symbol(")")


def _function(cursor: Cursor) -> Node:
    at = cursor.token.at
    call = calls.call(cursor)
    assert isinstance(call, Call)
    columns: list[tuple[str, SqlType, str | None]] = []
    if call.name == "OPENJSON" and cursor.is_word("WITH") and cursor.ahead().upper == "(":
        cursor.advance()
        cursor.expect_symbol("(")
        columns = cursor.list_of(lambda: _json_column(cursor))
        cursor.expect_symbol(")")
    alias = _alias(cursor)
    aliases = cursor.names_in_parentheses() if alias is not None and cursor.is_symbol("(") else ()
    return FunctionSource(at, call, alias, tuple(columns), aliases)


def _json_column(cursor: Cursor) -> tuple[str, SqlType, str | None]:
    name = cursor.identifier()
    column_type = cursor.type()
    path = cursor.expect_text() if cursor.token.kind in ("text", "unicode") else None
    if cursor.is_words("AS", "JSON"):
        raise unsupported("OPENJSON … AS JSON", cursor.token.line)
    return name, column_type, path


def _pivot(cursor: Cursor, inner: Node) -> Node:
    at = cursor.advance().at
    cursor.expect_symbol("(")
    aggregate = calls.call(cursor)
    if not isinstance(aggregate, Call):
        raise cursor.error()
    cursor.expect_word("FOR")
    column = cursor.name(3)
    cursor.expect_word("IN")
    values = cursor.names_in_parentheses()
    cursor.expect_symbol(")")
    alias = _alias(cursor)
    if alias is None:
        raise cursor.error()
    return Pivot(at, inner, aggregate, column, values, alias)


def _unpivot(cursor: Cursor, inner: Node) -> Node:
    at = cursor.advance().at
    cursor.expect_symbol("(")
    value = cursor.identifier()
    cursor.expect_word("FOR")
    name = cursor.identifier()
    cursor.expect_word("IN")
    columns = cursor.names_in_parentheses()
    cursor.expect_symbol(")")
    alias = _alias(cursor)
    if alias is None:
        raise cursor.error()
    return Unpivot(at, inner, value, name, columns, alias)
