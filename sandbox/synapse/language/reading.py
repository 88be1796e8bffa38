"""A batch to statements: which word begins what, and the control of flow. Statements need no semicolons.

The grammar is the allow-list: what no parser here takes is refused with the pool's own parse error (103010).
https://learn.microsoft.com/sql/t-sql/language-elements/language-elements-transact-sql
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from sandbox.synapse.errors import SqlError, not_too_deep, unsupported
from sandbox.synapse.language import changing, defining, executing, external, permitting, queries
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.expressions import condition, expression
from sandbox.synapse.language.nodes import Name, Query, Select

LONGEST_KEPT = 50_000  # characters; a seed's INSERT of thousands of rows comes once


@dataclass(frozen=True, slots=True)
class Settings:
    """quoted_identifier: "x" is a name (the drivers' setting, and the only one that is supported)."""

    quoted_identifier: bool = True


@not_too_deep
def read_batch(text: str, settings: Settings | None = None) -> list[s.Statement]:
    """The statements of one batch. Raises SqlError: 103010 (syntax), 105, 113, 102, 111, 319, 1033, 10713 …"""
    if settings is not None and not settings.quoted_identifier:
        raise unsupported("SET QUOTED_IDENTIFIER OFF")
    return list(_read(text) if len(text) <= LONGEST_KEPT else _read.__wrapped__(text))


# Clients send the same text again and again (prepared statements, executemany), and reading is most of a statement's
# translation. Statements are never changed once read, so that sessions can share them.
@lru_cache(maxsize=500)
def _read(text: str) -> tuple[s.Statement, ...]:
    cursor = Cursor(text)
    statements = _sequence(cursor, top=True)
    if cursor.token.kind != "end":
        raise cursor.error()
    return tuple(statements)


def _sequence(cursor: Cursor, *, top: bool = False) -> list[s.Statement]:
    """Statements up to END, the batch's end, or what begins no statement."""
    found: list[s.Statement] = []
    terminated = True
    while True:
        while cursor.accept_symbol(";"):
            terminated = True
        if cursor.token.kind == "end" or cursor.is_word("END"):
            return found
        if cursor.is_word("WITH") and not terminated and not isinstance(found[-1], s.Block | s.If):
            raise SqlError(
                319,
                "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.",
                cursor.token.line,
                15,
            )
        alone = top and not found
        found.append(statement(cursor, first=alone))
        terminated = cursor.is_symbol(";")


def statement(cursor: Cursor, *, first: bool = False) -> s.Statement:
    """One statement. first: it may be one that must begin its batch (CREATE VIEW, CREATE SCHEMA …)."""
    cursor.depth = 0
    token = cursor.token
    reader = READERS.get(token.upper) if token.kind == "word" else None
    if token.kind == "symbol" and token.upper == "(":
        return select(cursor)
    if reader is not None:
        return reader(cursor)
    if token.kind == "word" and token.upper in ("CREATE", "ALTER"):
        return defining.create(cursor, first) if token.upper == "CREATE" else defining.alter(cursor, first)
    if first and cursor.is_identifier() and token.upper not in NO_PROCEDURES:
        return executing.procedure_call(cursor, token.line)
    raise cursor.error()


# The first word of a batch calls a procedure of this name, unless it is one of SQL Server's statements.
NO_PROCEDURES = frozenset(
    {
        "SHOW",
        "LIMIT",
        "QUALIFY",
        "REPLACE",
        "DESCRIBE",
        "ANALYZE",
        "VACUUM",
        "GO",
        "CALL",
        "MOVE",
        "RECEIVE",
        "SEND",
        "ENABLE",
        "DISABLE",
        "BULK",
        "GET",
        "END",
    }
)


def select(cursor: Cursor) -> s.Statement:
    line = cursor.token.line
    has_with = cursor.is_word("WITH")
    ctes = queries.common_tables(cursor) if has_with else ()
    if has_with and not (cursor.is_word("SELECT") or cursor.is_symbol("(")):
        raise cursor.error()
    body = queries.query(cursor, allow_with=False, inner=False)
    into = None
    if cursor.is_word("INTO"):
        into, body = _into(cursor, body)
    label = changing.options(cursor)
    return s.SelectStatement(line, Query(body.at, body.body, ctes), label, into)


def _into(cursor: Cursor, head: Query) -> tuple[Name, Query]:
    cursor.advance()
    name = cursor.name(3)
    assert isinstance(head.body, Select)
    body = queries.select_after_into(cursor, head.body)
    return name, Query(head.at, body)


# ---------- control of flow


def _begin(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.is_word("TRAN", "TRANSACTION"):
        cursor.advance()
        return s.BeginTransaction(line, _transaction_name(cursor))
    if cursor.is_word("TRY"):
        return _try(cursor, line)
    if cursor.is_word("DISTRIBUTED", "ATOMIC", "DIALOG", "CONVERSATION"):
        raise cursor.error()
    body = _sequence(cursor)
    if not body:
        raise cursor.error()
    cursor.expect_word("END")
    return s.Block(line, tuple(body))


def _try(cursor: Cursor, line: int) -> s.Statement:
    cursor.expect_word("TRY")
    body = _sequence(cursor)
    cursor.expect_words("END", "TRY")
    cursor.accept_symbol(";")
    cursor.expect_words("BEGIN", "CATCH")
    handler = _sequence(cursor)
    cursor.expect_words("END", "CATCH")
    return s.TryCatch(line, tuple(body), tuple(handler))


def _transaction_name(cursor: Cursor) -> str | None:
    if cursor.token.kind == "variable":
        return cursor.advance().value
    if cursor.token.kind == "name":
        return cursor.identifier()
    if cursor.is_identifier() and cursor.token.upper not in READERS and not cursor.is_word("RENAME", "COPY"):
        return cursor.identifier()
    return None


def _commit(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.accept_word("TRAN", "TRANSACTION"):
        return s.CommitTransaction(line, _transaction_name(cursor))
    cursor.accept_word("WORK")
    return s.CommitTransaction(line)


def _rollback(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.accept_word("TRAN", "TRANSACTION"):
        return s.RollbackTransaction(line, _transaction_name(cursor))
    cursor.accept_word("WORK")
    return s.RollbackTransaction(line)


def _if(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    test = condition(cursor)
    then = statement(cursor)
    start = cursor.position
    while cursor.accept_symbol(";"):
        pass
    if cursor.accept_word("ELSE"):
        return s.If(line, test, then, statement(cursor))
    cursor.position = start
    return s.If(line, test, then, None)


def _while(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    test = condition(cursor)
    return s.While(line, test, statement(cursor))


def _break(cursor: Cursor) -> s.Statement:
    return s.Break(cursor.advance().line)


def _return(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if (
        cursor.is_symbol(";")
        or cursor.token.kind == "end"
        or (cursor.token.kind == "word" and cursor.token.upper not in ("NULL", "CASE"))
    ):
        return s.Return(line)
    return s.Return(line, expression(cursor))


def _use(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    return s.UseDatabase(line, cursor.identifier())


def _explain(cursor: Cursor) -> s.Statement:
    token = cursor.advance()
    cursor.accept_word("WITH_RECOMMENDATIONS")
    start = cursor.token
    statement(cursor)
    return s.Explain(token.line, cursor.text_since(start))


def _dbcc(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    command = cursor.identifier().upper()
    if command not in defining.DBCC_COMMANDS:
        raise cursor.error(cursor.tokens[cursor.position - 1])
    start = cursor.token
    if cursor.is_symbol("("):
        cursor.skip_parentheses()
        words = cursor.text_since(start)
    else:
        words = ""
    if cursor.accept_word("WITH"):
        cursor.list_of(cursor.identifier)
    return s.DbccStatement(line, command, words)


READERS: dict[str, Callable[[Cursor], s.Statement]] = {
    "SELECT": select,
    "WITH": select,
    "INSERT": changing.insert,
    "UPDATE": lambda cursor: (
        defining.update_statistics(cursor)
        if cursor.ahead().upper == "STATISTICS"
        else changing.update(cursor)
    ),
    "DELETE": changing.delete,
    "MERGE": changing.merge,
    "TRUNCATE": changing.truncate,
    "DROP": defining.drop,
    "RENAME": defining.rename,
    "GRANT": permitting.permission,
    "REVOKE": permitting.permission,
    "DENY": permitting.permission,
    "COPY": external.copy_into,
    "DECLARE": executing.declare,
    "SET": executing.set_statement,
    "EXEC": executing.execute,
    "EXECUTE": executing.execute,
    "PRINT": executing.print_statement,
    "RAISERROR": executing.raise_error,
    "THROW": executing.throw,
    "BEGIN": _begin,
    "COMMIT": _commit,
    "ROLLBACK": _rollback,
    "IF": _if,
    "WHILE": _while,
    "BREAK": _break,
    "RETURN": _return,
    "USE": _use,
    "EXPLAIN": _explain,
    "DBCC": _dbcc,
}
