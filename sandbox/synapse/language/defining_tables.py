"""CREATE TABLE, CREATE TABLE AS SELECT, ALTER TABLE.

https://learn.microsoft.com/sql/t-sql/statements/create-table-azure-sql-data-warehouse
https://learn.microsoft.com/sql/t-sql/statements/create-table-as-select-azure-sql-data-warehouse
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError, unsupported
from sandbox.synapse.language import changing, expressions, queries
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.nodes import Name, Node

ENFORCED = "Enforced unique constraints are not supported. To create an unenforced unique constraint you must include the NOT ENFORCED syntax as part of your statement."


def create_table(cursor: Cursor, line: int) -> s.Statement:
    cursor.expect_word("TABLE")
    name = cursor.name(3)
    names: tuple[str, ...] = ()
    if cursor.is_symbol("("):
        if _only_names(cursor):
            names = cursor.names_in_parentheses()
        else:
            return _with_columns(cursor, line, name)
    options = table_options(cursor)
    if options.distribution is None:
        raise cursor.error()  # CTAS: the distribution is required
    return _as_select(cursor, line, name, names, options)


def _as_select(
    cursor: Cursor, line: int, name: Name, columns: tuple[str, ...], options: s.TableOptions
) -> s.Statement:
    if not cursor.is_word("AS"):
        raise cursor.error()
    cursor.advance()
    query = queries.query(cursor, allow_with=True)
    return s.CreateTableAsSelect(line, name, columns, options, query, changing.options(cursor))


def _only_names(cursor: Cursor) -> bool:
    """Whether the parentheses hold column names alone (CTAS)."""
    return cursor.ahead(2).upper in (",", ")")


def _with_columns(cursor: Cursor, line: int, name: Name) -> s.Statement:
    cursor.expect_symbol("(")
    columns: list[s.ColumnDefinition] = []
    constraints: list[s.Constraint] = []
    while True:
        if cursor.is_word("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            constraints.append(_table_constraint(cursor))
        else:
            columns.append(column_definition(cursor))
        if not cursor.accept_symbol(","):
            break
    cursor.expect_symbol(")")
    options = table_options(cursor)
    if cursor.is_word("AS"):
        raise cursor.error()
    seen: set[str] = set()
    for column in columns:
        if column.name.lower() in seen:
            raise SqlError(
                2705,
                f"Column names in each table must be unique. Column name '{column.name}' in table '{name.last}' is specified more than once.",
                line,
            )
        seen.add(column.name.lower())
    return s.CreateTable(line, name, tuple(columns), tuple(constraints), options)


def column_definition(cursor: Cursor) -> s.ColumnDefinition:
    name = cursor.identifier()
    if cursor.is_word("AS"):
        raise cursor.error()  # computed columns are not in the pool
    column_type = cursor.type()
    collation = mask = default_name = default_text = None
    nullable: bool | None = None
    identity: tuple[int, int] | None = None
    default: Node | None = None
    constraints: list[s.Constraint] = []
    while True:
        constraint_name = cursor.identifier() if cursor.accept_word("CONSTRAINT") else None
        if cursor.accept_word("COLLATE"):
            collation = cursor.identifier()
        elif cursor.accept_word("NULL"):
            nullable = True
        elif cursor.is_words("NOT", "NULL"):
            cursor.accept_words("NOT", "NULL")
            nullable = False
        elif cursor.accept_word("IDENTITY"):
            identity = _identity(cursor)
        elif cursor.accept_word("DEFAULT"):
            start = cursor.token
            default, default_name = expressions.expression(cursor), constraint_name
            default_text = cursor.text_since(start)
        elif cursor.is_word("PRIMARY", "UNIQUE"):
            constraints.append(_key(cursor, constraint_name, (name,)))
        elif cursor.is_words("MASKED", "WITH"):
            cursor.accept_words("MASKED", "WITH")
            start = cursor.token
            cursor.skip_parentheses()
            mask = cursor.text_since(start)
        else:
            if constraint_name is not None:
                raise cursor.error()
            break
    return s.ColumnDefinition(
        name,
        column_type,
        nullable,
        collation,
        identity,
        default,
        default_name,
        default_text,
        tuple(constraints),
        mask,
    )


def _identity(cursor: Cursor) -> tuple[int, int]:
    if not cursor.accept_symbol("("):
        return 1, 1
    seed = cursor.expect_integer()
    cursor.expect_symbol(",")
    increment = cursor.expect_integer()
    cursor.expect_symbol(")")
    return seed, increment


def _key(cursor: Cursor, name: str | None, columns: tuple[str, ...]) -> s.Constraint:
    """PRIMARY KEY NONCLUSTERED NOT ENFORCED, UNIQUE NOT ENFORCED; an enforced key is error 104467."""
    token = cursor.token
    kind = "unique"
    if cursor.accept_word("PRIMARY"):
        cursor.expect_word("KEY")
        kind = "primary key"
    else:
        cursor.expect_word("UNIQUE")
    clustered: bool | None = None
    if cursor.is_word("CLUSTERED", "NONCLUSTERED"):
        clustered = cursor.advance().upper == "CLUSTERED"
    if cursor.is_symbol("("):
        columns = tuple(name for name, _ in sorted_columns(cursor))
    if not cursor.accept_words("NOT", "ENFORCED"):
        raise SqlError(104467, ENFORCED, token.line)
    if kind == "primary key" and clustered is not False:
        raise cursor.error(token)
    return s.Constraint(kind, name, columns, clustered)


def _table_constraint(cursor: Cursor) -> s.Constraint:
    name = cursor.identifier() if cursor.accept_word("CONSTRAINT") else None
    if not cursor.is_word("PRIMARY", "UNIQUE"):
        raise cursor.error()  # no FOREIGN KEY, no CHECK
    return _key(cursor, name, ())


def sorted_columns(cursor: Cursor) -> tuple[tuple[str, bool], ...]:
    """(a [ASC|DESC], …) → (name, descending)"""

    def one() -> tuple[str, bool]:
        name = cursor.identifier()
        descending = cursor.accept_word("DESC")
        if not descending:
            cursor.accept_word("ASC")
        return name, descending

    cursor.expect_symbol("(")
    columns = cursor.list_of(one)
    cursor.expect_symbol(")")
    return tuple(columns)


def table_options(cursor: Cursor) -> s.TableOptions:
    """WITH (DISTRIBUTION = …, index, PARTITION (…)), or nothing."""
    if not (cursor.is_word("WITH") and cursor.ahead().upper == "("):
        return s.TableOptions()
    cursor.advance()
    cursor.expect_symbol("(")
    distribution = index = None
    distribution_columns: tuple[str, ...] = ()
    index_columns: tuple[tuple[str, bool], ...] = ()
    partition = None
    while True:
        if cursor.accept_word("DISTRIBUTION"):
            cursor.expect_symbol("=")
            distribution = cursor.expect_word("HASH", "ROUND_ROBIN", "REPLICATE")
            if distribution == "HASH":
                distribution_columns = cursor.names_in_parentheses()
        elif cursor.accept_word("HEAP"):
            index = "HEAP"
        elif cursor.accept_word("CLUSTERED"):
            if cursor.accept_word("COLUMNSTORE"):
                cursor.expect_word("INDEX")
                index = "CLUSTERED COLUMNSTORE INDEX"
                if cursor.accept_word("ORDER"):
                    index_columns = tuple((name, False) for name in cursor.names_in_parentheses())
            else:
                cursor.expect_word("INDEX")
                index = "CLUSTERED INDEX"
                index_columns = sorted_columns(cursor)
        elif cursor.accept_word("PARTITION"):
            partition = _partition(cursor)
        elif cursor.accept_word("LOCATION"):
            cursor.expect_symbol("=")
            cursor.expect_word("USER_DB")
        elif cursor.is_words("FOR_APPEND"):
            cursor.advance()
        else:
            raise cursor.error()
        if not cursor.accept_symbol(","):
            break
    cursor.expect_symbol(")")
    return s.TableOptions(distribution, distribution_columns, index, index_columns, partition)


def _partition(cursor: Cursor) -> tuple[str, str, tuple[str, ...]]:
    cursor.expect_symbol("(")
    column = cursor.identifier()
    cursor.expect_word("RANGE")
    side = cursor.advance().upper if cursor.is_word("LEFT", "RIGHT") else "LEFT"
    cursor.expect_words("FOR", "VALUES")
    cursor.expect_symbol("(")
    values: list[str] = []
    while not cursor.is_symbol(")"):
        start = cursor.token
        expressions.unary(cursor)
        values.append(cursor.text_since(start))
        if not cursor.accept_symbol(","):
            break
    cursor.expect_symbol(")")
    cursor.expect_symbol(")")
    return column, side, tuple(values)


# ---------- ALTER TABLE


def alter_table(cursor: Cursor, line: int) -> s.Statement:
    """https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql (Azure Synapse Analytics)"""
    cursor.expect_word("TABLE")
    table = cursor.name(3)
    if cursor.accept_word("ADD"):
        return _add(cursor, line, table)
    if cursor.accept_word("DROP"):
        kind = "column" if cursor.accept_word("COLUMN") else "constraint"
        if kind == "constraint":
            cursor.expect_word("CONSTRAINT")
        if_exists = cursor.accept_words("IF", "EXISTS")
        return s.AlterTableDrop(line, table, kind, tuple(cursor.list_of(cursor.identifier)), if_exists)
    if cursor.accept_words("ALTER", "COLUMN"):
        return s.AlterTableColumn(line, table, column_definition(cursor))
    if cursor.is_word("SPLIT", "SWITCH", "MERGE"):
        action = cursor.advance().upper.lower()
        start = cursor.token
        while cursor.token.kind != "end" and not cursor.is_symbol(";"):
            cursor.advance()
        return s.AlterTablePartition(line, table, action, cursor.text_since(start))
    if cursor.is_word("REBUILD"):
        start = cursor.advance()
        while cursor.token.kind != "end" and not cursor.is_symbol(";"):
            cursor.advance()
        return s.AlterTableRebuild(line, table, cursor.text_since(start))
    if cursor.is_word("SET"):
        raise unsupported("ALTER TABLE … SET", line)
    raise cursor.error()


def _add(cursor: Cursor, line: int, table: Name) -> s.Statement:
    if cursor.is_word("CONSTRAINT", "DEFAULT") and (
        cursor.ahead(2).upper == "DEFAULT" or cursor.is_word("DEFAULT")
    ):
        name = cursor.identifier() if cursor.accept_word("CONSTRAINT") else None
        cursor.expect_word("DEFAULT")
        start = cursor.token
        value = expressions.expression(cursor)
        text = cursor.text_since(start)
        cursor.expect_word("FOR")
        return s.AlterTableAddDefault(line, table, name, value, cursor.identifier(), text)
    columns: list[s.ColumnDefinition] = []
    constraints: list[s.Constraint] = []
    while True:
        if cursor.is_word("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
            constraints.append(_table_constraint(cursor))
        else:
            columns.append(column_definition(cursor))
        if not cursor.accept_symbol(","):
            return s.AlterTableAdd(line, table, tuple(columns), tuple(constraints))
