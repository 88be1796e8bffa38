"""Expressions and conditions. A condition is no value and a value no condition: T-SQL has no boolean type.

https://learn.microsoft.com/sql/t-sql/language-elements/expressions-transact-sql
https://learn.microsoft.com/sql/t-sql/queries/search-condition-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, too_deep
from sandbox.synapse.language import calls, queries
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import (
    And,
    AtTimeZone,
    Between,
    Binary,
    Call,
    Collate,
    ColumnRef,
    Comparison,
    Exists,
    InList,
    InQuery,
    IsNull,
    Like,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Query,
    SearchedCase,
    SimpleCase,
    Subquery,
    Unary,
    Variable,
)  # fmt: skip
from sandbox.synapse.language.words import CALLABLE, NILADIC

COMPARISONS = {
    "=": "=",
    "<>": "<>",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    "!>": "<=",
    ">": ">",
    ">=": ">=",
    "!<": ">=",
}
DEEPEST = 100


def expression(cursor: Cursor) -> Node:
    """+ - & ^ | of products; every operator of a level from left to right."""
    cursor.depth += 1
    if cursor.depth > DEEPEST:
        raise too_deep(cursor.token.line)
    left = product(cursor)
    while cursor.is_symbol("+", "-", "&", "^", "|"):
        token = cursor.advance()
        left = Binary(token.at, token.upper, left, product(cursor))
    cursor.depth -= 1
    return left


def product(cursor: Cursor) -> Node:
    left = unary(cursor)
    while cursor.is_symbol("*", "/", "%"):
        token = cursor.advance()
        left = Binary(token.at, token.upper, left, unary(cursor))
    return left


def unary(cursor: Cursor) -> Node:
    if cursor.is_symbol("+", "-", "~"):
        token = cursor.advance()
        return Unary(token.at, token.upper, unary(cursor))
    return postfix(cursor)


def postfix(cursor: Cursor) -> Node:
    operand = primary(cursor)
    while True:
        at = cursor.token.at
        if cursor.accept_word("COLLATE"):
            operand = Collate(at, operand, cursor.identifier())
        elif cursor.is_words("AT", "TIME", "ZONE"):
            cursor.accept_words("AT", "TIME", "ZONE")
            operand = AtTimeZone(at, operand, primary(cursor))
        else:
            return operand


def primary(cursor: Cursor) -> Node:
    token = cursor.token
    at = token.at
    if token.kind in ("text", "unicode", "integer", "decimal", "float", "money", "binary"):
        cursor.advance()
        return Literal(at, token.kind, token.value)
    if token.kind == "variable":
        cursor.advance()
        return Variable(at, token.value)
    if token.kind == "symbol" and token.upper == "(":
        cursor.advance()
        if cursor.is_word("SELECT") or (cursor.is_symbol("(") and _select_in_parentheses(cursor)):
            inner = queries.query(cursor, allow_with=False)
            cursor.expect_symbol(")")
            return Subquery(at, inner)
        value = expression(cursor)
        cursor.expect_symbol(")")
        return value
    if token.kind == "word":
        if token.upper == "NULL":
            cursor.advance()
            return Literal(at, "null", "")
        if token.upper == "CASE":
            return case(cursor)
        if token.upper in NILADIC:
            cursor.advance()
            return Call(at, token.upper, ())
        if token.upper in CALLABLE and cursor.ahead().upper == "(":
            return calls.call(cursor)
    if not cursor.is_identifier():
        raise cursor.error()
    if cursor.ahead().upper == "(":
        return calls.call(cursor)
    return ColumnRef(at, column_name(cursor))


def column_name(cursor: Cursor) -> Name:
    """A column's name of up to four parts, or a function of a schema, which is refused."""
    name = cursor.name(4)
    if cursor.is_symbol("("):
        raise SqlError(
            4121,
            f'Cannot find either column "{name.parts[0]}" or the user-defined function or aggregate "{".".join(name.parts)}", or the name is ambiguous.',
            name.at[0],
        )
    return name


def case(cursor: Cursor) -> Node:
    at = cursor.advance().at
    operand = None if cursor.is_word("WHEN") else expression(cursor)
    branches: list[tuple[Node, Node]] = []
    while cursor.accept_word("WHEN"):
        test = condition(cursor) if operand is None else expression(cursor)
        cursor.expect_word("THEN")
        branches.append((test, expression(cursor)))
    if not branches:
        raise cursor.error()
    otherwise = expression(cursor) if cursor.accept_word("ELSE") else None
    cursor.expect_word("END")
    if operand is None:
        return SearchedCase(at, tuple(branches), otherwise)
    return SimpleCase(at, operand, tuple(branches), otherwise)


# ---------- conditions


def condition(cursor: Cursor) -> Node:
    at = cursor.token.at
    items = [conjunction(cursor)]
    while cursor.accept_word("OR"):
        items.append(conjunction(cursor))
    return items[0] if len(items) == 1 else Or(at, tuple(items))


def conjunction(cursor: Cursor) -> Node:
    at = cursor.token.at
    items = [negation(cursor)]
    while cursor.accept_word("AND"):
        items.append(negation(cursor))
    return items[0] if len(items) == 1 else And(at, tuple(items))


def negation(cursor: Cursor) -> Node:
    at = cursor.token.at
    if cursor.accept_word("NOT"):
        return Not(at, negation(cursor))
    return predicate(cursor)


def predicate(cursor: Cursor) -> Node:
    at = cursor.token.at
    if cursor.accept_word("EXISTS"):
        return Exists(at, _subquery(cursor))
    if cursor.is_symbol("("):
        return _parenthesized(cursor)
    return _comparison(cursor, expression(cursor))


def _parenthesized(cursor: Cursor) -> Node:
    """See _condition_or_value. Asked again at a position, the answer is remembered: else nested ones double the work."""
    start = cursor.position
    if start not in cursor.found:
        try:
            cursor.found[start] = _condition_or_value(cursor), cursor.position
        except SqlError as error:
            if error.number == 191:
                raise
            cursor.found[start] = error, cursor.position
    answer, cursor.position = cursor.found[start]
    if isinstance(answer, SqlError):
        raise answer
    return answer


def _condition_or_value(cursor: Cursor) -> Node:
    """`(` opens a condition or a value: the one is tried, then the other; the error is that which came further."""
    start, depth = cursor.position, cursor.depth
    cursor.depth += 1
    if cursor.depth > DEEPEST:
        raise too_deep(cursor.token.line)
    failure: SqlError | None = None
    reached = start
    try:
        cursor.advance()
        inner = condition(cursor)
        cursor.expect_symbol(")")
        if not _goes_on(cursor):
            cursor.depth = depth
            return inner
        reached = start
    except SqlError as error:
        if error.number == 191:
            raise
        failure, reached = error, cursor.position
    cursor.position, cursor.depth = start, depth
    try:
        return _comparison(cursor, expression(cursor))
    except SqlError as error:
        if failure is not None and reached >= cursor.position and failure.number != 4145:
            raise failure from None
        raise error from None


def _goes_on(cursor: Cursor) -> bool:
    """Whether what stood in parentheses is the left side of a comparison or of arithmetic."""
    return cursor.is_symbol("+", "-", "*", "/", "%", "&", "|", "^", *COMPARISONS) or cursor.is_word(
        "IS", "IN", "LIKE", "BETWEEN", "COLLATE", "NOT"
    )


def _comparison(cursor: Cursor, left: Node) -> Node:
    token = cursor.token
    at = token.at
    if token.kind == "symbol" and token.upper in COMPARISONS:
        cursor.advance()
        if cursor.is_word("ALL", "ANY", "SOME"):
            word = cursor.advance().upper
            quantifier = "all" if word == "ALL" else "any"
            return Comparison(at, COMPARISONS[token.upper], left, Subquery(at, _subquery(cursor)), quantifier)
        return Comparison(at, COMPARISONS[token.upper], left, expression(cursor))
    if cursor.accept_word("IS"):
        negated = cursor.accept_word("NOT")
        cursor.expect_word("NULL")
        return IsNull(at, left, negated)
    negated = cursor.accept_word("NOT")
    if cursor.accept_word("BETWEEN"):
        low = expression(cursor)
        cursor.expect_word("AND")
        return Between(at, left, low, expression(cursor), negated)
    if cursor.accept_word("LIKE"):
        pattern = expression(cursor)
        escape = expression(cursor) if cursor.accept_word("ESCAPE") else None
        return Like(at, left, pattern, escape, negated)
    if cursor.accept_word("IN"):
        return _in(cursor, left, at, negated)
    if negated:
        raise cursor.error()
    if (
        cursor.is_symbol(")", ";", ",")
        or cursor.is_word("AND", "OR", "THEN", "GROUP", "ORDER", "HAVING", "BEGIN")
        or cursor.token.kind == "end"
    ):
        near = cursor.token.value or cursor.tokens[cursor.position - 1].value
        raise SqlError(
            4145,
            f"An expression of non-boolean type specified in a context where a condition is expected, near '{near}'.",
            at[0],
            15,
        )
    raise cursor.error()


def _in(cursor: Cursor, left: Node, at: tuple[int, int], negated: bool) -> Node:
    cursor.expect_symbol("(")
    if cursor.is_word("SELECT") or (cursor.is_symbol("(") and _select_in_parentheses(cursor)):
        inner = queries.query(cursor, allow_with=False)
        cursor.expect_symbol(")")
        return InQuery(at, left, inner, negated)
    items = cursor.list_of(lambda: expression(cursor))
    cursor.expect_symbol(")")
    return InList(at, left, tuple(items), negated)


def _subquery(cursor: Cursor) -> Query:
    cursor.expect_symbol("(")
    inner = queries.query(cursor, allow_with=False)
    cursor.expect_symbol(")")
    return inner


def _select_in_parentheses(cursor: Cursor) -> bool:
    """`((SELECT …) UNION …)`: whether the parentheses ahead hold a query and not a value.

    `((SELECT 1) + 1)` is a value: what follows the query's closing parenthesis tells.
    """
    ahead = 0
    while cursor.ahead(ahead).upper == "(":
        ahead += 1
    if cursor.ahead(ahead).upper != "SELECT":
        return False
    start, depth = cursor.position, cursor.depth
    try:
        queries.query(cursor, allow_with=False)
        return cursor.is_symbol(")")
    except SqlError:
        return False
    finally:
        cursor.position, cursor.depth = start, depth
