"""COPY INTO, external tables and what they stand on.

https://learn.microsoft.com/sql/t-sql/statements/copy-into-transact-sql
https://learn.microsoft.com/sql/t-sql/statements/create-external-table-as-select-transact-sql
"""

from __future__ import annotations

from sandbox.synapse.language import changing, expressions, queries
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.defining_tables import column_definition
from sandbox.synapse.language.nodes import Node
from sandbox.synapse.language.words import words

COPY_OPTIONS = frozenset(
    words("""
    FILE_TYPE FILE_FORMAT CREDENTIAL ERRORFILE ERRORFILE_CREDENTIAL MAXERRORS COMPRESSION FIELDQUOTE FIELDTERMINATOR
    ROWTERMINATOR FIRSTROW DATEFORMAT ENCODING IDENTITY_INSERT AUTO_CREATE_TABLE
    """)
)
TABLE_OPTIONS = frozenset({"LOCATION", "DATA_SOURCE", "FILE_FORMAT", "REJECT_TYPE", "REJECT_VALUE", "REJECT_SAMPLE_VALUE", "REJECTED_ROW_LOCATION", "TABLE_OPTIONS"})  # fmt: skip


def copy_into(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    cursor.expect_word("INTO")
    table = cursor.name(3)
    columns: list[tuple[str, Node | None, int | None]] = []
    if cursor.accept_symbol("("):
        columns = cursor.list_of(lambda: _column(cursor))
        cursor.expect_symbol(")")
    cursor.expect_word("FROM")
    sources = tuple(cursor.list_of(cursor.expect_text))
    options: dict[str, object] = {}
    if cursor.accept_word("WITH"):
        options = _options(cursor, COPY_OPTIONS)
    return s.CopyInto(line, table, tuple(columns), sources, options, changing.options(cursor))


def _column(cursor: Cursor) -> tuple[str, Node | None, int | None]:
    name = cursor.identifier()
    default = None
    if cursor.accept_word("DEFAULT"):
        default = expressions.unary(cursor)
    number = cursor.expect_integer() if cursor.token.kind == "integer" else None
    return name, default, number


def _options(cursor: Cursor, known: frozenset[str]) -> dict[str, object]:
    """(NAME = value, …): a text, a number, a word, or a nested (NAME = value, …)."""
    cursor.expect_symbol("(")
    options: dict[str, object] = {}
    while True:
        token = cursor.token
        if token.kind != "word" or (known and token.upper not in known):
            raise cursor.error()
        cursor.advance()
        if not cursor.is_symbol("("):  # FORMAT_OPTIONS (…) has no equals sign
            cursor.expect_symbol("=")
        options[token.upper] = _value(cursor)
        if not cursor.accept_symbol(","):
            break
    cursor.expect_symbol(")")
    return options


def _value(cursor: Cursor) -> object:
    token = cursor.token
    if token.kind in ("text", "unicode"):
        return cursor.advance().value
    if token.kind == "integer" or cursor.is_symbol("-"):
        return cursor.expect_integer()
    if token.kind in ("decimal", "float"):
        return float(cursor.advance().value)
    if cursor.is_symbol("("):
        return _options(cursor, frozenset())
    if token.kind in ("word", "name", "binary"):
        cursor.advance()
        return token.upper or token.value
    raise cursor.error()


def create(cursor: Cursor, line: int) -> s.Statement:
    """CREATE EXTERNAL TABLE | DATA SOURCE | FILE FORMAT, CREATE DATABASE SCOPED CREDENTIAL, CREATE MASTER KEY."""
    if cursor.accept_words("EXTERNAL", "TABLE"):
        return _external_table(cursor, line)
    for kind in (("EXTERNAL", "DATA", "SOURCE"), ("EXTERNAL", "FILE", "FORMAT")):
        if cursor.accept_words(*kind):
            name = cursor.identifier()
            cursor.expect_word("WITH")
            options = _options(cursor, frozenset())
            return s.CreateExternalThing(line, " ".join(kind).lower(), name, options)
    if cursor.accept_words("DATABASE", "SCOPED", "CREDENTIAL"):
        name = cursor.identifier()
        cursor.expect_word("WITH")
        options = _pairs(cursor)
        return s.CreateExternalThing(line, "database scoped credential", name, options)
    if cursor.accept_words("MASTER", "KEY"):
        options = {}
        if cursor.accept_words("ENCRYPTION", "BY"):
            options = _pairs(cursor)
        return s.CreateExternalThing(line, "master key", "", options)
    raise cursor.error(cursor.ahead() if cursor.is_word("EXTERNAL", "MASTER") else None)


def _pairs(cursor: Cursor) -> dict[str, object]:
    options: dict[str, object] = {}
    while True:
        token = cursor.advance()
        if token.kind != "word":
            raise cursor.error(token)
        cursor.expect_symbol("=")
        options[token.upper] = _value(cursor)
        if not cursor.accept_symbol(","):
            return options


def _external_table(cursor: Cursor, line: int) -> s.Statement:
    name = cursor.name(3)
    columns: tuple[s.ColumnDefinition, ...] = ()
    if cursor.accept_symbol("("):
        if cursor.ahead().upper in (",", ")"):
            columns = ()
            cursor.list_of(cursor.identifier)
        else:
            columns = tuple(cursor.list_of(lambda: column_definition(cursor)))
        cursor.expect_symbol(")")
    cursor.expect_word("WITH")
    options = _options(cursor, TABLE_OPTIONS)
    query = None
    if cursor.accept_word("AS"):
        query = queries.query(cursor, allow_with=True)
        changing.options(cursor)
    elif not columns:
        raise cursor.error()
    return s.CreateExternalTable(line, name, columns, options, query)
