"""SELECT, set operations, WITH, FROM: as far as a dedicated pool's grammar goes.

https://learn.microsoft.com/sql/t-sql/queries/select-transact-sql (syntax for Azure Synapse Analytics)
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import expressions, sources
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import (
    Body,
    ColumnRef,
    CommonTable,
    Grouping,
    Name,
    Node,
    OrderItem,
    Query,
    Select,
    SelectItem,
    SetOperation,
    Top,
)  # fmt: skip

ORDER_NEEDS_TOP = "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified."


def query(cursor: Cursor, *, allow_with: bool, inner: bool = True) -> Query:
    """A query. allow_with: WITH may begin it (never inside another query). inner: ORDER BY needs TOP."""
    at = cursor.token.at
    ctes: tuple[CommonTable, ...] = ()
    if cursor.is_word("WITH"):
        if not allow_with:
            raise cursor.error()
        ctes = common_tables(cursor)
    body = union(cursor)
    body = _ordered(cursor, body, inner)
    if cursor.is_word("FOR"):
        raise cursor.error()
    return Query(at, body, ctes)


def common_tables(cursor: Cursor) -> tuple[CommonTable, ...]:
    cursor.expect_word("WITH")
    tables: list[CommonTable] = []
    while True:
        at = cursor.token.at
        name = cursor.identifier()
        columns = cursor.names_in_parentheses() if cursor.is_symbol("(") else ()
        cursor.expect_word("AS")
        cursor.expect_symbol("(")
        inner = query(cursor, allow_with=False)
        cursor.expect_symbol(")")
        if any(name.lower() == other.name.lower() for other in tables):
            raise SqlError(239, f"Duplicate common table expression name '{name}' was specified.", at[0])
        tables.append(CommonTable(at, name, columns, inner))
        if not cursor.accept_symbol(","):
            return tuple(tables)


def _ordered(cursor: Cursor, body: Body, inner: bool) -> Body:
    if not cursor.is_word("ORDER"):
        return body
    line = cursor.token.line
    cursor.advance()
    cursor.expect_word("BY")
    items = order_items(cursor)
    has_top = isinstance(body, Select) and body.top is not None
    if inner and not has_top:
        raise SqlError(1033, ORDER_NEEDS_TOP, line, 15)
    if isinstance(body, Select):
        return Select(
            body.at,
            body.items,
            body.distinct,
            body.top,
            body.source,
            body.where,
            body.group,
            body.having,
            items,
        )
    return SetOperation(body.at, body.operator, body.left, body.right, items)


def order_items(cursor: Cursor) -> tuple[OrderItem, ...]:
    def item() -> OrderItem:
        at = cursor.token.at
        value = expressions.expression(cursor)
        descending = cursor.accept_word("DESC")
        if not descending:
            cursor.accept_word("ASC")
        return OrderItem(at, value, descending)

    return tuple(cursor.list_of(item))


def union(cursor: Cursor) -> Body:
    left = intersection(cursor)
    while cursor.is_word("UNION", "EXCEPT"):
        token = cursor.advance()
        operator = token.upper.lower()
        if operator == "union" and cursor.accept_word("ALL"):
            operator = "union all"
        left = SetOperation(token.at, operator, left, intersection(cursor))
    return left


def intersection(cursor: Cursor) -> Body:
    left = operand(cursor)
    while cursor.is_word("INTERSECT"):
        token = cursor.advance()
        left = SetOperation(token.at, "intersect", left, operand(cursor))
    return left


def operand(cursor: Cursor) -> Body:
    """One side of a set operation: SELECT, or a query in parentheses."""
    if cursor.accept_symbol("("):
        body = _ordered(cursor, union(cursor), True)
        cursor.expect_symbol(")")
        return body
    return select(cursor)


def select(cursor: Cursor) -> Select:
    at = cursor.token.at
    cursor.expect_word("SELECT")
    distinct = cursor.accept_word("DISTINCT")
    if not distinct:
        cursor.accept_word("ALL")
    top = _top(cursor) if cursor.accept_word("TOP") else None
    items = tuple(cursor.list_of(lambda: select_item(cursor)))
    source = where = having = group = None
    if cursor.is_word("INTO"):
        return Select(at, items, distinct, top)
    if cursor.accept_word("FROM"):
        source = sources.sources(cursor)
    return _rest(cursor, Select(at, items, distinct, top, source, where, group, having))


def select_after_into(cursor: Cursor, head: Select) -> Select:
    """The rest of SELECT … INTO t FROM …"""
    source = sources.sources(cursor) if cursor.accept_word("FROM") else None
    return _rest(cursor, Select(head.at, head.items, head.distinct, head.top, source))


def _rest(cursor: Cursor, head: Select) -> Select:
    where = expressions.condition(cursor) if cursor.accept_word("WHERE") else None
    group = None
    if cursor.accept_word("GROUP"):
        cursor.expect_word("BY")
        group = _grouping(cursor)
    having = expressions.condition(cursor) if cursor.accept_word("HAVING") else None
    return Select(head.at, head.items, head.distinct, head.top, head.source, where, group, having)


def _top(cursor: Cursor) -> Top:
    if cursor.accept_symbol("("):
        count = expressions.expression(cursor)
        cursor.expect_symbol(")")
    elif cursor.token.kind in ("integer", "decimal", "float"):
        count = expressions.primary(cursor)
    else:
        raise cursor.error()
    percent = cursor.accept_word("PERCENT")
    ties = False
    if cursor.is_word("WITH"):
        cursor.advance()
        cursor.expect_word("TIES")
        ties = True
    return Top(count, percent, ties)


def select_item(cursor: Cursor) -> SelectItem:
    token = cursor.token
    at = token.at
    if cursor.accept_symbol("*"):
        return SelectItem(at, None, star=True)
    if token.kind == "variable" and cursor.ahead().upper == "=" and not token.value.startswith("@@"):
        cursor.advance()
        cursor.advance()
        return SelectItem(at, expressions.expression(cursor), variable=token.value)
    if (cursor.is_identifier() or token.kind == "text") and cursor.ahead().upper == "=":
        alias = cursor.checked(cursor.advance())
        cursor.advance()
        return SelectItem(at, expressions.expression(cursor), alias)
    star = _qualified_star(cursor)
    if star is not None:
        return SelectItem(at, None, star=True, qualifier=star)
    value = expressions.expression(cursor)
    return SelectItem(at, value, _alias(cursor))


def _qualified_star(cursor: Cursor) -> Name | None:
    if not cursor.is_identifier():
        return None
    start = cursor.position
    parts: list[str] = []
    at = cursor.token.at
    while cursor.is_identifier() and cursor.ahead().upper == ".":
        parts.append(cursor.advance().value)
        cursor.advance()
        if cursor.accept_symbol("*"):
            return Name(tuple(parts), at)
    cursor.position = start
    return None


def _alias(cursor: Cursor) -> str | None:
    if cursor.accept_word("AS"):
        if cursor.token.kind in ("text", "unicode"):
            return cursor.checked(cursor.advance())
        return cursor.identifier()
    if cursor.token.kind == "text" or cursor.is_identifier():
        return cursor.checked(cursor.advance())
    return None


def _grouping(cursor: Cursor) -> Grouping:
    """Columns and expressions, or ROLLUP (…); no CUBE, GROUPING SETS, WITH ROLLUP.

    https://learn.microsoft.com/sql/t-sql/queries/select-group-by-transact-sql (syntax for Azure Synapse Analytics)
    """
    if cursor.is_word("ROLLUP") and cursor.ahead().upper == "(":
        cursor.advance()
        cursor.expect_symbol("(")
        items = cursor.list_of(lambda: expressions.expression(cursor))
        cursor.expect_symbol(")")
        return Grouping("rollup", tuple(items))
    if (
        (cursor.is_word("CUBE") and cursor.ahead().upper == "(")
        or cursor.is_words("GROUPING", "SETS")
        or cursor.is_word("ALL")
    ):
        raise cursor.error()
    items = cursor.list_of(lambda: _group_item(cursor))
    if cursor.is_word("WITH"):
        raise cursor.error()
    return Grouping("plain", tuple(items))


def _group_item(cursor: Cursor) -> Node:
    value = expressions.expression(cursor)
    if isinstance(value, ColumnRef) and cursor.is_word("WITH") and cursor.ahead().upper == "(":
        cursor.advance()
        cursor.expect_symbol("(")
        cursor.expect_word("DISTRIBUTED_AGG")
        cursor.expect_symbol(")")
    return value
