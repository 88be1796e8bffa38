"""Queries and expressions of one statement, translated for a session."""

from __future__ import annotations

from sandbox.synapse.errors import not_too_deep
from sandbox.synapse.language.names import Column, Names, Translated, Variables
from sandbox.synapse.language.nodes import Node, Query
from sandbox.synapse.language.translating import conditions, selects
from sandbox.synapse.language.translating.context import Context, Scope
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.environment import Environment
from sandbox.synapse.language.translating.expressions import value
from sandbox.synapse.language.translating.text_conversions import fits
from sandbox.synapse.language.translating.values import Typed, once, text_literal
from sandbox.synapse.types import SqlType


@not_too_deep
def translate(
    query: Query,
    names: Names,
    variables: Variables | None = None,
    *,
    table: str | None = None,
    columns: tuple[str, ...] = (),
) -> Translated:
    """A query to DuckDB's SELECT with columns c1, c2, … and their names and types.

    table: the view or table that it defines, whose columns must have names, each once (8155, 8156). columns: names
    that the definition lists. Raises SqlError: 207, 208, 209, 8120, 195, 206, 245 …
    """
    context = Context(names, variables or {})
    rows = selects.query(query, Scope(context))
    found = rows.columns
    if table is not None:
        found = selects.named_columns(rows, columns, table, query.at[0])
    listed = [_column(name, typed) for name, typed in found]
    return Translated(rows.sql, listed, rows.variables, tuple(context.tables))


def _column(name: str, typed: Typed) -> Column:
    return Column(name, typed.type, typed.nullable or typed.null, typed.collation)


@not_too_deep
def translate_expression(
    expression: Node, names: Names, variables: Variables | None = None, target: SqlType | None = None
) -> Translated:
    """An expression without columns of its own (SET @x = …, IF's parts, defaults): SELECT of one column.

    target: the type it is converted to, as an assignment does.
    """
    context = Context(names, variables or {})
    typed = value(expression, Environment(Scope(context)))
    if target is not None:
        typed = convert(typed, target, context, expression.at[0])
    sql = f"CAST(NULL AS {typed.type.duckdb()})" if typed.null else typed.sql
    return Translated(f"SELECT {sql} AS c1", [_column("", typed)], (), tuple(context.tables))


@not_too_deep
def translate_condition(condition: Node, names: Names, variables: Variables | None = None) -> Translated:
    """The condition of IF or WHILE: SELECT of one BOOLEAN, which is NULL for unknown. columns is empty."""
    context = Context(names, variables or {})
    sql = conditions.condition(condition, Environment(Scope(context)))
    return Translated(f"SELECT {sql} AS c1", [], (), tuple(context.tables))


def assigned(typed: Typed, column: Column, table: str, context: Context, line: int) -> str:
    """A value as INSERT and UPDATE store it: converted, and refused (2628) where text or bytes would be cut off.

    Trailing blanks are cut without a word. https://learn.microsoft.com/sql/t-sql/statements/insert-transact-sql
    """
    if typed.null:
        return f"CAST(NULL AS {column.type.duckdb()})"
    converted = convert(typed, column.type, context, line).sql
    if not column.type.is_text or not typed.type.is_text or fits(typed.type, column.type, context):
        return converted
    units = "ts_units" if column.type.is_unicode or not context.utf8 else "strlen"
    message = f"String or binary data would be truncated in table '{table}', column '{column.name}'. Truncated value: '"
    fail = f"ts_fail(2628, {text_literal(message)} || left({{0}}, {column.type.length}) || '''.')"
    return once(
        typed.sql,
        lambda v: (
            f"CASE WHEN {units}(rtrim({v}, ' ')) > {column.type.length} THEN {fail.format(v)} ELSE {convert(typed.with_sql(v), column.type, context, line).sql} END"
        ),
    )


def assignment(sql: str, source: SqlType, column: Column, table: str, names: Names) -> str:
    """DuckDB's text `sql` of a source type as it is stored in a column (COPY INTO, INSERT … EXEC)."""
    return assigned(Typed(sql, source), column, table, Context(names, {}), 1)
