"""Text to text: cutting to varchar(n) in bytes, padding of char(n), code page 1252, bytes of text."""

from __future__ import annotations

from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.values import once
from sandbox.synapse.types import LONGEST, MAX, SqlType


def fits(source: SqlType, target: SqlType, context: Context) -> bool:
    """Whether every value of the source type fits the target's length.

    varchar counts bytes (UTF-8 under a UTF8 collation: up to 3 for a byte pair of nvarchar), nvarchar byte pairs.
    """
    if target.length == MAX:
        return True
    if source.length in (None, MAX):
        return False
    longest = source.length or 0
    if source.is_unicode and not target.is_unicode and context.utf8:
        longest *= 3
    return longest <= (target.length or 0)


def fitted(sql: str, source: SqlType, target: SqlType, context: Context) -> str:
    """Cut to the target's length and, for char, padded to it."""
    if not fits(source, target, context):
        if target.is_unicode or not context.utf8:
            sql = once(sql, lambda v: f"ts_cut_units({v}, {target.length})")
        else:
            sql = once(sql, lambda v: f"ts_cut_bytes({v}, {target.length})")
    return padded(sql, target) if (source.name, source.length) != (target.name, target.length) else sql


def padded(sql: str, target: SqlType) -> str:
    """char(n) is filled with blanks."""
    if target.name not in ("char", "nchar"):
        return sql
    return once(sql, lambda v: f"ts_pad({v}, {target.length})")


def recoded(sql: str, source: SqlType, target: SqlType, context: Context) -> str:
    """nvarchar to varchar of code page 1252: what is not in it becomes `?`."""
    if source.is_unicode and not target.is_unicode and not context.utf8:
        return once(sql, lambda v: f"ts_to_cp1252({v})")
    return sql


def cut_to_limit(sql: str, total: int, target: SqlType, context: Context) -> str:
    """A concatenation that could pass its type's limit (8000 bytes, 4000 byte pairs) is cut there, without a word."""
    if target.length == MAX or total <= LONGEST[target.name]:
        return sql
    if target.is_unicode or not context.utf8:
        return once(sql, lambda v: f"ts_cut_units({v}, {target.length})")
    return once(sql, lambda v: f"ts_cut_bytes({v}, {target.length})")


def encoded(sql: str, source: SqlType, context: Context) -> str:
    """The bytes of a text as the pool stores it."""
    if source.is_unicode:
        return f"ts_utf16({sql})"
    if context.utf8:
        return f"encode({sql})"
    return once(
        sql, lambda v: f"CASE WHEN strlen({v}) = length({v}) THEN encode({v}) ELSE ts_cp1252({v}) END"
    )
