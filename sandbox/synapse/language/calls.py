"""Function calls: those with a syntax of their own, OVER, WITHIN GROUP."""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import expressions, queries
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import (
    Call,
    Cast,
    DatePartName,
    Frame,
    Node,
    OrderItem,
    SearchedCase,
    Window,
)  # fmt: skip

DATE_PART_FUNCTIONS = frozenset(
    {"DATEADD", "DATEDIFF", "DATEDIFF_BIG", "DATEPART", "DATENAME", "DATETRUNC", "DATE_BUCKET"}
)
WITHIN_GROUP = frozenset({"STRING_AGG", "PERCENTILE_CONT", "PERCENTILE_DISC"})


def call(cursor: Cursor) -> Node:
    """One call, from its name to the end of OVER (…)."""
    token = cursor.advance()
    name = token.value.upper() if token.kind == "word" else cursor.checked(token).upper()
    at = token.at
    cursor.expect_symbol("(")
    if name in ("CAST", "TRY_CAST"):
        return _cast(cursor, at, name == "TRY_CAST")
    if name in ("CONVERT", "TRY_CONVERT"):
        return _convert(cursor, at, name == "TRY_CONVERT")
    if name == "IIF":
        return _iif(cursor, at)
    if name in ("TRIM",):
        return _trim(cursor, at)
    return _ordinary(cursor, at, name)


def _cast(cursor: Cursor, at: tuple[int, int], attempt: bool) -> Node:
    operand = expressions.expression(cursor)
    cursor.expect_word("AS")
    target = cursor.type(cast=True)
    cursor.expect_symbol(")")
    return Cast(at, operand, target, attempt)


def _convert(cursor: Cursor, at: tuple[int, int], attempt: bool) -> Node:
    target = cursor.type(cast=True)
    cursor.expect_symbol(",")
    operand = expressions.expression(cursor)
    style = expressions.expression(cursor) if cursor.accept_symbol(",") else None
    cursor.expect_symbol(")")
    return Cast(at, operand, target, attempt, style)


def _iif(cursor: Cursor, at: tuple[int, int]) -> Node:
    test = expressions.condition(cursor)
    cursor.expect_symbol(",")
    value = expressions.expression(cursor)
    cursor.expect_symbol(",")
    otherwise = expressions.expression(cursor)
    cursor.expect_symbol(")")
    return SearchedCase(at, ((test, value),), otherwise)


def _trim(cursor: Cursor, at: tuple[int, int]) -> Node:
    first = expressions.expression(cursor)
    if cursor.accept_word("FROM"):
        operand = expressions.expression(cursor)
        cursor.expect_symbol(")")
        return Call(at, "TRIM", (operand, first))
    cursor.expect_symbol(")")
    return Call(at, "TRIM", (first,))


def _ordinary(cursor: Cursor, at: tuple[int, int], name: str) -> Node:
    arguments: list[Node] = []
    distinct = star = False
    if cursor.is_symbol("*") and name in ("COUNT", "COUNT_BIG"):
        cursor.advance()
        star = True
    elif not cursor.is_symbol(")"):
        if name in DATE_PART_FUNCTIONS:
            token = cursor.token
            if token.kind not in ("word", "name"):
                raise SqlError(1023, f"Invalid parameter 1 specified for {name.lower()}.", token.line, 15)
            cursor.advance()
            arguments.append(DatePartName(token.at, token.value.lower()))
            cursor.expect_symbol(",")
        elif cursor.accept_word("DISTINCT"):
            distinct = True
        elif cursor.is_word("ALL"):
            cursor.advance()
        arguments.extend(cursor.list_of(lambda: expressions.expression(cursor)))
    cursor.expect_symbol(")")
    within: tuple[OrderItem, ...] = ()
    if name in WITHIN_GROUP and cursor.accept_words("WITHIN", "GROUP"):
        cursor.expect_symbol("(")
        cursor.expect_words("ORDER", "BY")
        within = queries.order_items(cursor)
        cursor.expect_symbol(")")
    over = window(cursor) if cursor.accept_word("OVER") else None
    return Call(at, name, tuple(arguments), distinct, star, over, within)


def window(cursor: Cursor) -> Window:
    """OVER's parentheses. A named window (WINDOW clause) is SQL Server 2022's, not the pool's."""
    cursor.expect_symbol("(")
    partition: tuple[Node, ...] = ()
    order: tuple[OrderItem, ...] = ()
    if cursor.accept_word("PARTITION"):
        cursor.expect_word("BY")
        partition = tuple(cursor.list_of(lambda: expressions.expression(cursor)))
    if cursor.accept_word("ORDER"):
        cursor.expect_word("BY")
        order = queries.order_items(cursor)
    frame = None
    if cursor.is_word("ROWS", "RANGE"):
        frame = _frame(cursor)
    cursor.expect_symbol(")")
    return Window(partition, order, frame)


def _frame(cursor: Cursor) -> Frame:
    unit = cursor.advance().upper.lower()
    if cursor.accept_word("BETWEEN"):
        start = _bound(cursor)
        cursor.expect_word("AND")
        return Frame(unit, start, _bound(cursor))
    return Frame(unit, _bound(cursor), None)


def _bound(cursor: Cursor) -> tuple[str, int]:
    if cursor.accept_word("UNBOUNDED"):
        return "unbounded " + cursor.expect_word("PRECEDING", "FOLLOWING").lower(), 0
    if cursor.accept_words("CURRENT", "ROW"):
        return "current", 0
    count = cursor.expect_integer()
    return cursor.expect_word("PRECEDING", "FOLLOWING").lower(), count
