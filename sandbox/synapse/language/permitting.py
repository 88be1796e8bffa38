"""GRANT, REVOKE, DENY, users, roles, authorization.

https://learn.microsoft.com/sql/t-sql/statements/permissions-grant-deny-revoke-azure-sql-data-warehouse-parallel-data-warehouse
"""

from __future__ import annotations

from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import Name

CLASSES = frozenset({"OBJECT", "SCHEMA", "DATABASE", "LOGIN", "USER", "ROLE", "TYPE"})


def permission(cursor: Cursor) -> s.Statement:
    token = cursor.advance()
    verb = token.upper.lower()
    grant_option = cursor.accept_words("GRANT", "OPTION")
    if grant_option:
        cursor.expect_word("FOR")
    permissions: list[str] = []
    columns: tuple[str, ...] = ()
    while True:
        words: list[str] = []
        while cursor.token.kind == "word" and not cursor.is_word("ON", "TO", "FROM"):
            words.append(cursor.advance().upper)
        if not words:
            raise cursor.error()
        permissions.append(" ".join(words))
        if cursor.is_symbol("("):
            columns = cursor.names_in_parentheses()
        if not cursor.accept_symbol(","):
            break
    object_class, name = None, None
    if cursor.accept_word("ON"):
        object_class = "object"
        if cursor.ahead().upper == "::" and cursor.token.upper in CLASSES:
            object_class = cursor.advance().upper.lower()
            cursor.advance()
        name = cursor.name(3)
        if columns == () and cursor.is_symbol("("):
            columns = cursor.names_in_parentheses()
    cursor.expect_word("FROM", "TO") if verb == "revoke" else cursor.expect_word("TO")
    principals = tuple(cursor.list_of(lambda: _principal(cursor)))
    if cursor.accept_words("WITH", "GRANT"):
        cursor.expect_word("OPTION")
        grant_option = True
    cursor.accept_word("CASCADE")
    return s.Permission(
        token.line, verb, tuple(permissions), object_class, name, principals, columns, grant_option
    )


def _principal(cursor: Cursor) -> str:
    if cursor.is_word("PUBLIC"):
        return cursor.advance().value
    return cursor.identifier()


def create_principal(cursor: Cursor, line: int) -> s.Statement:
    kind = cursor.advance().upper.lower()
    name = cursor.identifier()
    start = cursor.token
    if kind == "user":
        if cursor.accept_word("FOR", "FROM"):
            if cursor.accept_words("EXTERNAL"):
                cursor.expect_word("PROVIDER")
            else:
                cursor.expect_word("LOGIN")
                cursor.identifier()
        elif cursor.accept_word("WITHOUT"):
            cursor.expect_word("LOGIN")
        if cursor.accept_word("WITH"):
            _settings(cursor)
    elif kind == "role":
        if cursor.accept_word("AUTHORIZATION"):
            cursor.identifier()
    else:
        cursor.expect_word("WITH")
        _settings(cursor)
    options = cursor.text_since(start) if cursor.token is not start else ""
    return s.CreatePrincipal(line, kind, name, options)


def _settings(cursor: Cursor) -> None:
    def one() -> None:
        cursor.identifier()
        cursor.expect_symbol("=")
        cursor.advance()

    cursor.list_of(one)


def alter_principal(cursor: Cursor, line: int) -> s.Statement:
    kind = cursor.advance().upper.lower()
    name = cursor.identifier()
    if kind == "role" and cursor.is_word("ADD", "DROP"):
        action = cursor.advance().upper
        cursor.expect_word("MEMBER")
        return s.AlterPrincipal(line, kind, name, action, _principal(cursor))
    cursor.expect_word("WITH")
    start = cursor.token
    _settings(cursor)
    return s.AlterPrincipal(line, kind, name, cursor.text_since(start), None)


def alter_authorization(cursor: Cursor, line: int) -> s.Statement:
    cursor.expect_word("AUTHORIZATION")
    cursor.expect_word("ON")
    kind = "object"
    if cursor.ahead().upper == "::" and cursor.token.upper in CLASSES:
        kind = cursor.advance().upper.lower()
        cursor.advance()
    name: Name = cursor.name(3)
    cursor.expect_word("TO")
    if cursor.accept_words("SCHEMA", "OWNER"):
        return s.AlterAuthorization(line, kind, name, "SCHEMA OWNER")
    return s.AlterAuthorization(line, kind, name, cursor.identifier())
