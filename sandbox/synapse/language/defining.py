"""CREATE, ALTER, DROP, RENAME: dispatch, and the smaller definitions.

https://learn.microsoft.com/azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-reference-tsql-statements
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language import defining_tables, expressions, external, permitting, queries
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import Name, Node, Query, Select
from sandbox.synapse.language.tokens import Token
from sandbox.synapse.types import SqlType

DBCC_COMMANDS = frozenset({"SHOW_STATISTICS", "SHRINKLOG", "PDW_SHOWSPACEUSED", "PDW_SHOWEXECUTIONPLAN", "PDW_SHOWPARTITIONSTATS", "DROPRESULTSETCACHE", "SHOWRESULTCACHESPACEUSED", "DROPCLEANBUFFERS", "FREEPROCCACHE"})  # fmt: skip
DROPPED_OBJECTS = ("external table", "materialized view", "table", "view", "procedure", "proc", "function")
NAMED_DROPS = ("SCHEMA", "USER", "ROLE", "LOGIN")


def create(cursor: Cursor, first: bool) -> s.Statement:
    token = cursor.advance()
    if cursor.is_word("TABLE"):
        return defining_tables.create_table(cursor, token.line)
    if cursor.is_word("VIEW"):
        return _view(cursor, token, first, alter=False)
    if cursor.is_word("MATERIALIZED"):
        return _materialized_view(cursor, token)
    if cursor.is_word("SCHEMA"):
        return _schema(cursor, token, first)
    if cursor.is_word("STATISTICS"):
        return _statistics(cursor, token.line)
    if cursor.is_word("CLUSTERED", "NONCLUSTERED", "INDEX", "UNIQUE"):
        return _index(cursor, token.line)
    if cursor.is_word("PROC", "PROCEDURE"):
        return _procedure(cursor, token, first, alter=False)
    if cursor.is_word("USER", "ROLE", "LOGIN"):
        return permitting.create_principal(cursor, token.line)
    if cursor.is_word("EXTERNAL", "DATABASE", "MASTER"):
        return external.create(cursor, token.line)
    if cursor.is_word("FUNCTION"):
        raise unsupported("CREATE FUNCTION", token.line)
    if cursor.is_words("WORKLOAD", "GROUP") or cursor.is_words("WORKLOAD", "CLASSIFIER"):
        raise unsupported("workload groups and classifiers", token.line)
    raise cursor.error()


def alter(cursor: Cursor, first: bool) -> s.Statement:
    token = cursor.advance()
    if cursor.is_word("TABLE"):
        return defining_tables.alter_table(cursor, token.line)
    if cursor.is_word("VIEW"):
        return _view(cursor, token, first, alter=True)
    if cursor.is_word("PROC", "PROCEDURE"):
        return _procedure(cursor, token, first, alter=True)
    if cursor.accept_words("MATERIALIZED", "VIEW"):
        name = cursor.name(3)
        return s.AlterMaterializedView(token.line, name, cursor.expect_word("REBUILD", "DISABLE"))
    if cursor.accept_word("INDEX"):
        index = "ALL" if cursor.accept_word("ALL") else cursor.identifier()
        cursor.expect_word("ON")
        table = cursor.name(3)
        action = cursor.expect_word("REBUILD", "REORGANIZE", "DISABLE")
        if cursor.accept_word("PARTITION"):
            cursor.expect_symbol("=")
            cursor.advance()
        if cursor.is_word("WITH") and cursor.ahead().upper == "(":
            cursor.advance()
            cursor.skip_parentheses()
        return s.AlterIndex(token.line, index, table, action)
    if cursor.accept_word("SCHEMA"):
        schema = cursor.identifier()
        if cursor.token.upper != "TRANSFER":
            raise cursor.error()
        cursor.advance()
        if cursor.accept_word("OBJECT"):
            cursor.expect_symbol("::")
        return s.AlterSchemaTransfer(token.line, schema, cursor.name(3))
    if cursor.is_word("AUTHORIZATION"):
        return permitting.alter_authorization(cursor, token.line)
    if cursor.is_word("ROLE", "USER"):
        return permitting.alter_principal(cursor, token.line)
    if cursor.is_word("DATABASE", "LOGIN", "EXTERNAL", "MASTER"):
        raise unsupported(f"ALTER {cursor.token.upper}", token.line)
    raise cursor.error()


def _first_only(what: str, first: bool, line: int) -> None:
    if not first:
        raise SqlError(111, f"'{what}' must be the first statement in a query batch.", line, 15)


def _view(cursor: Cursor, token: Token, first: bool, *, alter: bool) -> s.Statement:
    """https://learn.microsoft.com/sql/t-sql/statements/create-view-transact-sql (no SCHEMABINDING, no OR ALTER)"""
    _first_only("ALTER VIEW" if alter else "CREATE VIEW", first, token.line)
    cursor.expect_word("VIEW")
    name = cursor.name(3)
    columns = cursor.names_in_parentheses() if cursor.is_symbol("(") else ()
    cursor.expect_word("AS")
    query = queries.query(cursor, allow_with=True)
    text = cursor.text_since(token)
    _check_item_names(query)
    cursor.accept_symbol(";")
    if cursor.token.kind != "end":
        raise cursor.error()
    return s.CreateView(token.line, name, columns, query, text, alter)


def _check_item_names(query: Query) -> None:
    """Kept for views: SELECT @x = … sets no variable there (error 156)."""
    body = query.body
    while not isinstance(body, Select):
        body = body.left
    for item in body.items:
        if item.variable is not None:
            raise SqlError(
                141,
                "A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.",
                item.at[0],
                15,
            )


def _materialized_view(cursor: Cursor, token: Token) -> s.Statement:
    cursor.expect_words("MATERIALIZED", "VIEW")
    name = cursor.name(3)
    options = defining_tables.table_options(cursor)
    if options.distribution is None or options.distribution == "REPLICATE":
        raise cursor.error()
    cursor.expect_word("AS")
    query = queries.query(cursor, allow_with=False)
    return s.CreateMaterializedView(token.line, name, options, query, cursor.text_since(token))


def _schema(cursor: Cursor, token: Token, first: bool) -> s.Statement:
    _first_only("CREATE SCHEMA", first, token.line)
    cursor.expect_word("SCHEMA")
    if cursor.accept_word("AUTHORIZATION"):
        owner = cursor.identifier()
        return s.CreateSchema(token.line, owner, owner)
    name = cursor.identifier()
    owner_name = cursor.identifier() if cursor.accept_word("AUTHORIZATION") else None
    cursor.accept_symbol(";")
    if cursor.token.kind != "end":
        raise cursor.error()
    return s.CreateSchema(token.line, name, owner_name)


def _statistics(cursor: Cursor, line: int) -> s.Statement:
    cursor.advance()
    name = cursor.identifier()
    cursor.expect_word("ON")
    table = cursor.name(3)
    columns = cursor.names_in_parentheses()
    if cursor.accept_word("WHERE"):
        expressions.condition(cursor)
    _statistics_options(cursor)
    return s.CreateStatistics(line, name, table, columns)


def _statistics_options(cursor: Cursor) -> None:
    if not cursor.accept_word("WITH"):
        return
    while True:
        if cursor.accept_word("SAMPLE"):
            cursor.expect_integer()
            cursor.expect_word("PERCENT")
        else:
            cursor.expect_word("FULLSCAN", "RESAMPLE")
        if not cursor.accept_symbol(","):
            return


def update_statistics(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    cursor.expect_word("STATISTICS")
    table = cursor.name(3)
    names: tuple[str, ...] = ()
    if cursor.is_symbol("("):
        names = cursor.names_in_parentheses()
    elif cursor.is_identifier() and not cursor.is_word("RENAME", "COPY"):
        names = (cursor.identifier(),)
    _statistics_options(cursor)
    return s.UpdateStatistics(line, table, names)


def _index(cursor: Cursor, line: int) -> s.Statement:
    """https://learn.microsoft.com/sql/t-sql/statements/create-index-transact-sql (UNIQUE is not in the pool)"""
    if cursor.is_word("UNIQUE"):
        raise cursor.error()
    clustered = cursor.accept_word("CLUSTERED")
    if not clustered:
        cursor.accept_word("NONCLUSTERED")
    columnstore = cursor.accept_word("COLUMNSTORE")
    if columnstore and not clustered:
        raise cursor.error(cursor.tokens[cursor.position - 1])
    cursor.expect_word("INDEX")
    index = cursor.identifier()
    cursor.expect_word("ON")
    table = cursor.name(3)
    columns: tuple[tuple[str, bool], ...] = ()
    if columnstore:
        if cursor.accept_word("ORDER"):
            cursor.names_in_parentheses()
    else:
        columns = defining_tables.sorted_columns(cursor)
        if cursor.is_word("INCLUDE", "WHERE"):
            raise cursor.error()
    drop_existing = False
    if cursor.is_word("WITH") and cursor.ahead().upper == "(":
        cursor.advance()
        start = cursor.token
        cursor.skip_parentheses()
        drop_existing = "".join(cursor.text_since(start).upper().split()) == "(DROP_EXISTING=ON)"
    kind = (
        "CLUSTERED COLUMNSTORE INDEX"
        if columnstore
        else ("CLUSTERED INDEX" if clustered else "NONCLUSTERED INDEX")
    )
    return s.CreateIndex(line, index, kind, table, columns, drop_existing)


def _procedure(cursor: Cursor, token: Token, first: bool, *, alter: bool) -> s.Statement:
    from sandbox.synapse.language.reading import statement

    _first_only("ALTER PROCEDURE" if alter else "CREATE PROCEDURE", first, token.line)
    cursor.advance()
    name = cursor.name(2)
    parenthesized = cursor.accept_symbol("(")
    parameters: list[tuple[str, SqlType, Node | None, bool]] = []
    if cursor.token.kind == "variable":
        parameters = cursor.list_of(lambda: _parameter(cursor))
    if parenthesized:
        cursor.expect_symbol(")")
    cursor.expect_word("AS")
    body: list[s.Statement] = []
    while cursor.token.kind != "end":
        if cursor.accept_symbol(";"):
            continue
        body.append(statement(cursor))
    if not body:
        raise cursor.error()
    return s.CreateProcedure(
        token.line, name, tuple(parameters), tuple(body), cursor.text_since(token), alter
    )


def _parameter(cursor: Cursor) -> tuple[str, SqlType, Node | None, bool]:
    if cursor.token.kind != "variable":
        raise cursor.error()
    name = cursor.advance().value
    cursor.accept_word("AS")
    declared = cursor.type()
    default = expressions.unary(cursor) if cursor.accept_symbol("=") else None
    return name, declared, default, cursor.accept_word("OUTPUT", "OUT")


# ---------- DROP, RENAME


def drop(cursor: Cursor) -> s.Statement:
    line = cursor.advance().line
    if cursor.accept_word("STATISTICS"):
        return s.DropStatistics(line, tuple(cursor.list_of(lambda: cursor.name(4))))
    if cursor.accept_word("INDEX"):
        return _drop_index(cursor, line)
    if cursor.is_word(*NAMED_DROPS):
        kind = cursor.advance().upper.lower()
        if_exists = cursor.accept_words("IF", "EXISTS")
        return s.DropNamed(line, kind, cursor.identifier(), if_exists)
    for kind in DROPPED_OBJECTS:
        if cursor.accept_words(*kind.upper().split()):
            if_exists = cursor.accept_words("IF", "EXISTS")
            names = tuple(cursor.list_of(lambda: cursor.name(3)))
            return s.DropObjects(line, "procedure" if kind == "proc" else kind, names, if_exists)
    for kind in ("external data source", "external file format", "database scoped credential"):
        if cursor.accept_words(*kind.upper().split()):
            return s.DropNamed(line, kind, cursor.identifier(), False)
    if cursor.accept_words("MASTER", "KEY"):
        return s.DropNamed(line, "master key", "", False)
    raise cursor.error()


def _drop_index(cursor: Cursor, line: int) -> s.Statement:
    name = cursor.name(4)
    if cursor.accept_word("ON"):
        return s.DropIndex(line, name.last, cursor.name(3))
    if len(name.parts) < 2:
        raise cursor.error()
    return s.DropIndex(line, name.last, Name(name.parts[:-1], name.at))


def rename(cursor: Cursor) -> s.Statement:
    """https://learn.microsoft.com/sql/t-sql/statements/rename-transact-sql"""
    line = cursor.advance().line
    if cursor.is_word("DATABASE"):
        raise unsupported("RENAME DATABASE", line)
    if cursor.token.upper != "OBJECT":
        raise cursor.error()
    cursor.advance()
    cursor.accept_symbol("::")
    name = cursor.name(3)
    column = cursor.identifier() if cursor.accept_word("COLUMN") else None
    cursor.expect_word("TO")
    return s.RenameObject(line, name, cursor.identifier(), column)
