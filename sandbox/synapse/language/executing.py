"""EXEC, DECLARE, SET, PRINT, RAISERROR, THROW.

https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-reference-tsql-language-elements
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language import expressions
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import Binary, Literal, Node, Variable
from sandbox.synapse.language.words import words
from sandbox.synapse.types import SqlType

# Options of SET in a dedicated pool; others are no part of its grammar.
SWITCHES = frozenset(
    words("""
    NOCOUNT XACT_ABORT ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ANSI_DEFAULTS ANSI_NULL_DFLT_ON ANSI_NULL_DFLT_OFF
    ARITHABORT ARITHIGNORE CONCAT_NULL_YIELDS_NULL NUMERIC_ROUNDABORT QUOTED_IDENTIFIER IMPLICIT_TRANSACTIONS
    CURSOR_CLOSE_ON_COMMIT FMTONLY NOEXEC PARSEONLY SHOWPLAN_ALL FORCEPLAN RESULT_SET_CACHING NO_BROWSETABLE
    """)
)
VALUES = frozenset({"ROWCOUNT", "TEXTSIZE", "DATEFIRST", "DATEFORMAT", "LANGUAGE", "LOCK_TIMEOUT", "DEADLOCK_PRIORITY", "CONTEXT_INFO", "QUERY_GOVERNOR_COST_LIMIT"})  # fmt: skip
ISOLATION = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SNAPSHOT", "SERIALIZABLE")


def execute(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.accept_symbol("("):
        text = expressions.expression(cursor)
        cursor.expect_symbol(")")
        if cursor.is_word("AS", "AT"):
            raise cursor.error()
        return s.ExecuteString(line, text)
    return procedure_call(cursor, line)


def procedure_call(cursor: Cursor, line: int) -> s.Statement:
    """[@status =] name [[@p =] value [OUTPUT], …]"""
    status = None
    if cursor.token.kind == "variable":
        if cursor.ahead().upper != "=":
            raise unsupported("EXEC of a variable that names a procedure", line)
        status = cursor.advance().value
        cursor.advance()
    name = cursor.name(4)
    arguments: list[tuple[str | None, Node, bool]] = []
    if _argument_follows(cursor):
        arguments = cursor.list_of(lambda: _argument(cursor))
    return s.ExecuteProcedure(line, name, tuple(arguments), status)


def _argument_follows(cursor: Cursor) -> bool:
    token = cursor.token
    if token.kind in (
        "text",
        "unicode",
        "integer",
        "decimal",
        "float",
        "money",
        "binary",
        "variable",
        "name",
    ):
        return True
    if token.kind == "symbol":
        return token.upper == "-"
    return token.kind == "word" and (
        token.upper in ("NULL", "DEFAULT")
        or (cursor.is_identifier() and token.upper not in ("THROW", "RENAME", "COPY", "EXPLAIN"))
    )


def _argument(cursor: Cursor) -> tuple[str | None, Node, bool]:
    name = None
    if cursor.token.kind == "variable" and cursor.ahead().upper == "=":
        name = cursor.advance().value
        cursor.advance()
    token = cursor.token
    if (token.kind == "word" and cursor.is_identifier()) or token.kind == "name":
        cursor.advance()
        value: Node = Literal(token.at, "unicode", token.value)
    elif cursor.accept_word("DEFAULT"):
        raise unsupported("DEFAULT as a procedure's argument", token.line)
    else:
        value = expressions.unary(cursor)
    output = cursor.accept_word("OUTPUT", "OUT")
    return name, value, output


def declare(cursor: Cursor) -> s.Statement:
    """DECLARE @x type [= value], …; cursors and table variables are not in the pool."""
    line = cursor.advance().line

    def one() -> tuple[str, SqlType, Node | None]:
        token = cursor.token
        if token.kind != "variable" or token.value.startswith("@@"):
            raise cursor.error()
        cursor.advance()
        cursor.accept_word("AS")
        if cursor.is_word("TABLE"):
            raise cursor.error()
        declared = cursor.type()
        value = expressions.expression(cursor) if cursor.accept_symbol("=") else None
        return token.value, declared, value

    return s.Declare(line, tuple(cursor.list_of(one)))


def set_statement(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    token = cursor.token
    if token.kind == "variable":
        cursor.advance()
        sign = cursor.token
        if sign.kind == "symbol" and sign.upper in ("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="):
            cursor.advance()
            right = expressions.expression(cursor)
            return s.SetVariable(
                line, token.value, Binary(sign.at, sign.upper[0], Variable(token.at, token.value), right)
            )
        cursor.expect_symbol("=")
        return s.SetVariable(line, token.value, expressions.expression(cursor))
    if cursor.accept_words("TRANSACTION", "ISOLATION"):
        if cursor.token.upper != "LEVEL":
            raise cursor.error()
        cursor.advance()
        words = cursor.advance().upper
        if words in ("READ", "REPEATABLE"):
            words += " " + cursor.advance().upper
        if words not in ISOLATION:
            raise cursor.error(cursor.tokens[cursor.position - 1])
        return s.SetOption(line, "TRANSACTION ISOLATION LEVEL", words)
    if cursor.accept_word("IDENTITY_INSERT"):
        table = cursor.name(3)
        return s.SetOption(line, "IDENTITY_INSERT " + ".".join(table.parts), cursor.expect_word("ON", "OFF"))
    if cursor.accept_word("STATISTICS"):
        names = ["STATISTICS " + name for name in cursor.list_of(lambda: cursor.advance().upper)]
        return s.SetOption(line, ", ".join(names), cursor.expect_word("ON", "OFF"))
    return _plain_option(cursor, line)


def _plain_option(cursor: Cursor, line: int) -> s.Statement:
    token = cursor.advance()
    name = token.upper
    if name in VALUES:
        negative = "-" if cursor.accept_symbol("-") else ""
        return s.SetOption(line, name, negative + cursor.advance().value)
    if name not in SWITCHES:
        raise cursor.error(token)
    names = [name]
    while cursor.accept_symbol(","):
        names.append(cursor.advance().upper)
    return s.SetOption(line, ", ".join(names), cursor.expect_word("ON", "OFF"))


def print_statement(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    return s.Print(line, expressions.expression(cursor))


def raise_error(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    cursor.expect_symbol("(")
    values = cursor.list_of(lambda: expressions.expression(cursor))
    cursor.expect_symbol(")")
    if cursor.accept_word("WITH"):
        cursor.list_of(lambda: cursor.expect_word("LOG", "NOWAIT", "SETERROR"))
    if len(values) < 3:
        raise SqlError(102, "Incorrect syntax near ')'.", line, 15)
    return s.RaiseError(line, values[0], values[1], values[2], tuple(values[3:]))


def throw(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.token.kind not in ("integer", "variable"):
        return s.Throw(line)
    values = cursor.list_of(lambda: expressions.expression(cursor))
    if len(values) != 3:
        raise cursor.error()
    return s.Throw(line, *values)
