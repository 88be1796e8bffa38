"""A column's values as another type's, by the language's conversions."""

from __future__ import annotations

from sandbox.synapse.catalog.names import quoted
from sandbox.synapse.catalog.things import TableColumn
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.conversions import convert
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.session import Session
from sandbox.synapse.types import MAX, SqlType


def converted(session: Session, old: TableColumn, new: TableColumn) -> str:
    """DuckDB's text of the stored column `old` as the type of `new`; text that does not fit is error 2628."""
    name = quoted(old.name)
    text = convert(
        Typed(name, old.type, old.nullable, old.collation), new.type, Context(session.names, {}), 1
    ).sql
    if new.type.is_text and old.type.is_text and new.type.length != MAX:
        message = f"'String or binary data would be truncated in column ''{new.name}''.'"
        return f"CASE WHEN {too_long(name, new.type)} THEN ts_fail(2628, {message}) ELSE {text} END"
    return text


def attempted(session: Session, sql: str, source: SqlType, target: SqlType) -> str:
    """DuckDB's text of a value as the target type, NULL where it is none."""
    return convert(Typed(sql, source), target, Context(session.names, {}), 1, attempt=True).sql


def too_long(sql: str, target: SqlType) -> str:
    """Whether a text is longer than a column holds; trailing blanks are cut, not refused."""
    if target.is_unicode:
        return f"ts_utf16_length(rtrim({sql}, ' ')) > {target.length}"
    return f"strlen(rtrim({sql}, ' ')) > {target.length}"
