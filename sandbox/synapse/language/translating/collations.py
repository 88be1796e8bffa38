"""Comparing text: trailing blanks do not count, and under a CI collation neither does case.

https://learn.microsoft.com/sql/relational-databases/collations/collation-and-unicode-support
"""

from __future__ import annotations

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.values import Typed


def key(value: Typed, context: Context, collation: str | None = None) -> str:
    """DuckDB's text that is equal where T-SQL's `=` is: for joins, grouping, DISTINCT, ordering."""
    if value.type.name == "datetimeoffset" and not value.null:
        return f"({value.sql}).utc"
    if not value.type.is_text or value.null:
        return value.sql
    sql = value.sql if value.trimmed else f"rtrim({value.sql}, ' ')"
    return f"lower({sql})" if context.insensitive(collation or value.collation) else sql


def needs_key(value: Typed, context: Context) -> bool:
    """Whether `=` is coarser than DuckDB's."""
    if value.type.name == "datetimeoffset":
        return True
    return (
        value.type.is_text and not value.null and (not value.trimmed or context.insensitive(value.collation))
    )


def resolve(values: list[Typed], context: Context, line: int, operation: str) -> str | None:
    """The collation of an operation on these. Raises 468: two columns, or two COLLATE, of different collations.

    https://learn.microsoft.com/sql/t-sql/statements/collation-precedence-transact-sql
    """
    texts = [value for value in values if value.type.is_text and not value.null]
    explicit = {(value.collation or "").lower(): value.collation for value in texts if value.explicit}
    chosen = explicit or {
        (value.collation or "").lower(): value.collation
        for value in texts
        if value.collation and value.constant is None
    }
    implicit = {
        (value.collation or context.names.collation).lower() for value in texts if value.constant is None
    }
    if len(explicit) > 1 or (not explicit and len(implicit) > 1):
        pair = sorted(
            {value.collation or context.names.collation for value in texts if value.constant is None}
        )
        raise SqlError(
            468,
            f'Cannot resolve the collation conflict between "{pair[0]}" and "{pair[-1]}" in the {operation} operation.',
            line,
        )
    return next(iter(chosen.values())) if chosen else None
