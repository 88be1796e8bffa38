"""Errors as a dedicated SQL pool sends them: number, severity, state, text, line.

Numbers below 50000 are SQL Server's (https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors);
103010 is the pool's parser (its message carries line and column); 49999 is this stand-in's own "not supported".
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

PARSE_ERROR = 103010
UNSUPPORTED = 49999


class SqlError(Exception):
    """One error message of the wire.

    number: SQL Server's error number. severity: 11 to 16 for a user's mistake. line: 1-based line in the batch.
    """

    def __init__(self, number: int, message: str, line: int = 1, severity: int = 16, state: int = 1) -> None:
        super().__init__(message)
        self.number = number
        self.message = message
        self.line = line
        self.severity = severity
        self.state = state


def parse_error(near: str, line: int, column: int) -> SqlError:
    """What the pool's parser answers to text that is none of its grammar. column: 1-based."""
    return SqlError(
        PARSE_ERROR, f"Parse error at line: {line}, column: {column}: Incorrect syntax near '{near}'.", line
    )


def unsupported(what: str, line: int = 1) -> SqlError:
    """Valid on a dedicated pool, but not done here."""
    return SqlError(UNSUPPORTED, f"not supported by the stand-in: {what}.", line)


def too_deep(line: int = 1) -> SqlError:
    """Nesting that nobody writes by hand."""
    return SqlError(
        191,
        "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.",
        line,
    )


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def not_too_deep(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Makes Python's RecursionError the pool's error 191."""

    @functools.wraps(function)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except RecursionError:
            raise too_deep() from None

    return guarded
