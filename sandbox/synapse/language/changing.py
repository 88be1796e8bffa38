"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE, and OPTION (…).

https://learn.microsoft.com/sql/t-sql/statements/insert-transact-sql (and its kin; syntax for Azure Synapse Analytics)
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language import executing, expressions, queries, sources
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import Binary, ColumnRef, Name, Node


def options(cursor: Cursor) -> str | None:
    """OPTION (LABEL = '…', HASH JOIN, …): the label. Hints of joins are read and change nothing.

    https://learn.microsoft.com/sql/t-sql/queries/option-clause-transact-sql (syntax for Azure Synapse Analytics)
    """
    if not cursor.is_word("OPTION"):
        return None
    cursor.advance()
    cursor.expect_symbol("(")
    label = None
    while True:
        if cursor.accept_word("LABEL"):
            cursor.expect_symbol("=")
            label = cursor.expect_text()
        elif cursor.accept_word("HASH", "LOOP", "MERGE"):
            cursor.expect_word("JOIN")
        elif cursor.accept_word("FORCE"):
            cursor.expect_word("ORDER", "EXTERNALPUSHDOWN")
        elif cursor.accept_word("DISABLE"):
            cursor.expect_word("EXTERNALPUSHDOWN")
        else:
            raise cursor.error()
        if not cursor.accept_symbol(","):
            break
    cursor.expect_symbol(")")
    return label


def insert(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    cursor.accept_word("INTO")
    table = cursor.name(3)
    columns: tuple[str, ...] = ()
    if cursor.is_symbol("(") and cursor.ahead().upper not in ("SELECT", "("):
        columns = cursor.names_in_parentheses()
    if cursor.accept_word("DEFAULT"):
        cursor.expect_word("VALUES")
        return s.Insert(line, table, columns, None, label=options(cursor))
    if cursor.accept_word("VALUES"):
        values = value_list(cursor)
        if cursor.is_symbol(","):
            raise cursor.error()
        return s.Insert(line, table, columns, None, values, options(cursor))
    if cursor.is_word("EXEC", "EXECUTE"):
        call = executing.execute(cursor)
        assert isinstance(call, s.ExecuteString | s.ExecuteProcedure)
        return s.InsertExecute(line, table, columns, call)
    query = queries.query(cursor, allow_with=False, inner=False)
    return s.Insert(line, table, columns, query, label=options(cursor))


def value_list(cursor: Cursor) -> tuple[Node | None, ...]:
    """(expression | DEFAULT, …)"""
    cursor.expect_symbol("(")
    values = cursor.list_of(lambda: None if cursor.accept_word("DEFAULT") else expressions.expression(cursor))
    cursor.expect_symbol(")")
    return tuple(values)


def assignments(cursor: Cursor) -> tuple[tuple[str, Node | None], ...]:
    def one() -> tuple[str, Node | None]:
        if cursor.token.kind == "variable":
            raise cursor.error()
        name = cursor.name(3)
        token = cursor.token
        if token.kind == "symbol" and token.upper in ("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="):
            cursor.advance()
            current = ColumnRef(name.at, Name((name.last,), name.at) if len(name.parts) == 1 else name)
            return name.last, Binary(token.at, token.upper[0], current, expressions.expression(cursor))
        cursor.expect_symbol("=")
        if cursor.accept_word("DEFAULT"):
            return name.last, None
        return name.last, expressions.expression(cursor)

    return tuple(cursor.list_of(one))


def update(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.is_word("TOP"):
        raise cursor.error()
    target = cursor.name(3)
    cursor.expect_word("SET")
    changes = assignments(cursor)
    source = sources.sources(cursor) if cursor.accept_word("FROM") else None
    where = expressions.condition(cursor) if cursor.accept_word("WHERE") else None
    return s.Update(line, target, changes, source, where, options(cursor))


def delete(cursor: Cursor) -> s.Statement:
    """DELETE [FROM] t [WHERE …], or DELETE alias FROM t AS alias JOIN …"""
    line = cursor.advance().line
    if cursor.is_word("TOP"):
        raise cursor.error()
    cursor.accept_word("FROM")
    target = cursor.name(3)
    source: Node | None = None
    if cursor.accept_word("FROM"):
        source = sources.sources(cursor)
    where = expressions.condition(cursor) if cursor.accept_word("WHERE") else None
    return s.Delete(line, target, source, where, options(cursor))


def truncate(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    cursor.expect_word("TABLE")
    table = cursor.name(3)
    partitions: tuple[str, ...] = ()
    if cursor.is_word("WITH") and cursor.ahead().upper == "(":
        cursor.advance()
        cursor.expect_symbol("(")
        cursor.expect_word("PARTITIONS")
        start = cursor.token
        cursor.skip_parentheses()
        partitions = (cursor.text_since(start),)
        cursor.expect_symbol(")")
    return s.Truncate(line, table, partitions)


# ---------- MERGE


def merge(cursor: Cursor) -> s.Statement:
    """https://learn.microsoft.com/sql/t-sql/statements/merge-transact-sql (syntax for Azure Synapse Analytics)"""
    line = cursor.advance().line
    if cursor.is_word("TOP"):
        raise cursor.error()
    cursor.accept_word("INTO")
    target = cursor.name(3)
    alias = _target_alias(cursor)
    cursor.expect_word("USING")
    source = sources.joined(cursor)
    cursor.expect_word("ON")
    on = expressions.condition(cursor)
    actions: list[s.MergeAction] = []
    while cursor.is_word("WHEN"):
        actions.append(_merge_action(cursor))
    if not actions or cursor.is_word("OUTPUT"):
        raise cursor.error()
    _check_actions(actions, line)
    label = options(cursor)
    if not cursor.is_symbol(";"):
        raise SqlError(10713, "A MERGE statement must be terminated by a semi-colon (;).", line, 15)
    return s.Merge(line, target, alias, source, on, tuple(actions), label)


def _target_alias(cursor: Cursor) -> str | None:
    if cursor.accept_word("AS"):
        return cursor.identifier()
    if cursor.is_identifier() and not cursor.is_word("USING"):
        return cursor.identifier()
    return None


def _merge_action(cursor: Cursor) -> s.MergeAction:
    line = cursor.advance().line
    when = "matched"
    if cursor.accept_word("NOT"):
        when = "not matched"
    cursor.expect_word("MATCHED")
    if (
        when == "not matched"
        and cursor.accept_word("BY")
        and cursor.expect_word("TARGET", "SOURCE") == "SOURCE"
    ):
        when = "not matched by source"
    condition = expressions.condition(cursor) if cursor.accept_word("AND") else None
    cursor.expect_word("THEN")
    if when == "not matched":
        cursor.expect_word("INSERT")
        columns = cursor.names_in_parentheses() if cursor.is_symbol("(") else ()
        if cursor.accept_word("DEFAULT"):
            cursor.expect_word("VALUES")
            return s.MergeAction(when, condition, "insert", columns=columns, line=line)
        cursor.expect_word("VALUES")
        return s.MergeAction(when, condition, "insert", columns=columns, values=value_list(cursor), line=line)
    if cursor.accept_word("DELETE"):
        return s.MergeAction(when, condition, "delete", line=line)
    cursor.expect_word("UPDATE")
    cursor.expect_word("SET")
    return s.MergeAction(when, condition, "update", assignments(cursor), line=line)


def _check_actions(actions: list[s.MergeAction], line: int) -> None:
    """At most two WHEN MATCHED, the first with AND, not twice the same action; one WHEN NOT MATCHED."""
    for when, most in (("matched", 2), ("not matched", 1), ("not matched by source", 2)):
        same = [action for action in actions if action.when == when]
        words = f"WHEN {when.upper()}"
        if len(same) > most or len({action.action for action in same}) < len(same):
            raise SqlError(
                10714,
                f"An action of type '{words}' cannot appear more than once in a '{same[0].action.upper()}' clause of a MERGE statement.",
                same[-1].line,
                15,
            )
        if len(same) == 2 and same[0].condition is None:
            raise SqlError(
                5324,
                f"In a MERGE statement, a '{words}' clause with a search condition cannot appear after a '{words}' clause with no search condition.",
                line,
                15,
            )
