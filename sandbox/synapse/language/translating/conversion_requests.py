"""One conversion: what is asked, and what is written for it."""

from __future__ import annotations

from sandbox.synapse.language.translating.context import Context
from sandbox.synapse.language.translating.values import Typed
from sandbox.synapse.types import SqlType


class Request:
    """One conversion. value, target as given; name: the source type's name for messages."""

    def __init__(
        self, value: Typed, target: SqlType, context: Context, line: int, attempt: bool, style: int | None
    ) -> None:
        self.value = value
        self.target = target
        self.context = context
        self.line = line
        self.attempt = attempt
        self.style = style

    @property
    def sql(self) -> str:
        return self.value.sql

    def cast(self, sql: str, target: str | None = None) -> Written:
        word = "TRY_CAST" if self.attempt else "CAST"
        return Written(f"{word}({sql} AS {target or self.target.duckdb()})")

    def fail(self, number: int, message: str) -> str:
        """What stands where the value cannot be converted: an error, or NULL for TRY_CAST."""
        return "NULL" if self.attempt else f"ts_fail({number}, {message})"


class Written:
    def __init__(self, sql: str, trimmed: bool = False) -> None:
        self.sql = sql
        self.trimmed = trimmed
